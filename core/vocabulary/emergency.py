"""The national emergency numbers, for every footer and for the pages that work with the database down."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class EmergencyNumber(NamedTuple):
    """A number as it is read, as it is dialled, and what it is for."""

    number: str
    tel: str
    label: StrOrPromise


EMERGENCY_NUMBERS: tuple[EmergencyNumber, ...] = (
    EmergencyNumber("112", "112", _("Any emergency, anywhere in Europe")),
    EmergencyNumber("15", "15", _("Medical emergency (SAMU)")),
    EmergencyNumber("17", "17", _("Police, gendarmerie")),
    EmergencyNumber("18", "18", _("Fire brigade")),
    EmergencyNumber("114", "114", _("By text message, for people who are deaf or hard of hearing")),
    EmergencyNumber("115", "115", _("Without shelter tonight")),
    EmergencyNumber("119", "119", _("A child in danger")),
    EmergencyNumber("3919", "3919", _("Violence against women")),
    EmergencyNumber("3114", "3114", _("Suicidal thoughts: someone listens, day and night")),
    EmergencyNumber("116\u00a0006", "116006", _("Help for victims")),
)
