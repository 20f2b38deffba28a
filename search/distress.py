"""Words of distress: the right numbers come before any answer, on every engine, with search down.

It reads the visitor's words alone, needs no database, and prefers to show the numbers once too often.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.vocabulary.emergency import EMERGENCY_NUMBERS, EmergencyNumber
from search.analysis import fold_text, prepare

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BY_NUMBER = {number.tel: number for number in EMERGENCY_NUMBERS}


@dataclass(frozen=True, slots=True)
class Call:
    """A number to call first."""

    number: str
    tel: str
    title: StrOrPromise
    text: StrOrPromise


@dataclass(frozen=True, slots=True)
class Distress:
    """One kind of distress: what is recognised, what is said, who to call."""

    name: str
    title: StrOrPromise
    text: StrOrPromise
    calls: tuple[Call, ...]
    others: tuple[str, ...]

    @property
    def numbers(self) -> list[EmergencyNumber]:
        """The other numbers, beside those that come first."""
        return [BY_NUMBER[tel] for tel in self.others]


_EMERGENCY = Call("112", "112", _("In danger"), _("anywhere in Europe"))
_POLICE = Call("17", "17", _("In danger now"), _("police, gendarmerie"))
_SMS = _("You cannot speak, or you are deaf or hard of hearing: write a text message to 114.")

OUTSIDE = Distress(
    "outside",
    _("Don’t stay alone tonight"),
    _("It rings for a long time? Stay on the line, or call again in ten minutes. Deaf or hard of hearing: text 114."),
    (Call("115", "115", _("Sleep under a roof"), _("free, day and night")), _EMERGENCY),
    ("3919", "119", "3114", "15"),
)
SUICIDE = Distress(
    "suicide",
    _("You are not alone: talk to someone now"),
    _("A nurse or a psychologist answers, day and night, for you or for someone you worry about."),
    (
        Call("3114", "3114", _("Suicidal thoughts"), _("free, day and night")),
        Call("15", "15", _("In danger now"), _("medical emergency")),
    ),
    ("112", "114", "119", "3919"),
)
CHILD = Distress(
    "child",
    _("A child in danger: call, even if you only doubt"),
    _("The 119 listens to children and to adults. The call does not show on the bill."),
    (Call("119", "119", _("A child in danger"), _("free, day and night")), _POLICE),
    ("114", "15", "3919", "116006"),
)
VIOLENCE = Distress(
    "violence",
    _("You are not alone: someone can help you now"),
    _SMS,
    (Call("3919", "3919", _("Violence against women"), _("free, day and night")), _POLICE),
    ("114", "115", "119", "116006", "15"),
)
DANGER = Distress(
    "danger",
    _("In danger? Call now"),
    _SMS,
    (_EMERGENCY, Call("15", "15", _("A person is hurt or unwell"), _("medical emergency"))),
    ("17", "18", "114", "115", "119", "3919", "3114"),
)

# On folded words without elisions ("j'ai" is "ai"); the first that matches decides.
_CHILD = r"(?:enfants?|bebes?|nourrissons?|mineure?s?|eleves?|ados?|fille|fils|garcon|petite?s?|neveu|niece|gamine?s?)"
_HURT = r"(?:frapp\w+|battue?s?|tap[ea]\w*|viol\w+|maltrait\w+|abuse\w*|attouche\w+|coups|secoue\w*|danger|gifl\w+)"
_SLEEPS = r"(?:dors|dort|dormir|dormons|dorment|dormi|couche|couchent|nuits?|vis|vit|vivent|vivre)"
_THROWN = r"(?:mise?|mettre|jetee?|foutue?|viree?r?|mettent|met)"
_LOVED = r"(?:mari|conjointe?|compagn\w+|copain|copine|ex|femme|pere|mere|frere|fils)"
PATTERNS: dict[Distress, tuple[str, ...]] = {
    SUICIDE: (
        r"suicid\w*",
        r"(?:me|se|te) (?:tuer|pendre)",
        r"(?:envie|vais|veux|vouloir|veut|voudrais|prefere) (?:de )?(?:mourir|crever)",
        r"(?:veux|veut|envie de|vais) en finir|en finir",
        r"(?:plus|pas) (?:envie|gout) (?:de |a )?(?:vivre|la vie)",
        r"(?:veux|veut|peux|peut) plus vivre",
        r"idees? (?:noires?|suicidaires?)",
        r"scarif\w+|me faire du mal",
        r"mettre fin a (?:mes|ses) jours",
        r"avale (?:des |trop )?(?:medicaments|cachets)",
        r"3114",
    ),
    CHILD: (
        rf"{_CHILD}(?: \w+){{0,4}} {_HURT}",
        rf"{_HURT}(?: \w+){{0,3}} {_CHILD}",
        r"enfance (?:en danger|maltraitee)|allo enfance",
        r"maltraitances?|inceste\w*|pedo(?:phil|crimin)\w*|attouchements?",
        r"harcel\w+ (?:scolaire|(?:a |au )?(?:ecole|college|lycee))",
        r"119",
    ),
    VIOLENCE: (
        r"violences?|violente?s?",
        r"(?:me|nous|la|le|se|te) (?:fait )?(?:bat|frapp\w+|tape|cogne|gifle|insulte|menace|sequestre|etrangle)",
        r"battue?s?|(?:recois|recu|donne|de|des) coups|coups (?:et|de (?:mon|ma))",
        r"viols?|viole(?:e|es|r|ur|urs)?|agress\w+|feminicide\w*",
        rf"peur (?:de |du )?(?:mon|ma|son|sa) {_LOVED}",
        r"mari\w* forcee?|mariage force|excis\w+|emprise|harcel\w+",
        r"3919",
    ),
    OUTSIDE: (
        rf"{_SLEEPS}(?: \w+){{0,3}} (?:dehors|rue|voiture|tente|gare|hall|squat)",
        r"(?:a|dans) la rue|sdf|sans abris?",
        r"(?:dehors|rue)(?: \w+){0,2} (?:ce soir|cette nuit|la nuit|maintenant)",
        rf"{_THROWN}(?: \w+){{0,2}} (?:dehors|porte|rue)",
        r"(?:ou|endroit|place|nulle part|toit)(?: \w+){0,2} (?:dormir|coucher|loger ce soir)",
        r"heberg\w+(?: \w+)? urgence|abri(?: \w+)? (?:nuit|soir)|plan (?:grand )?froid|samu social",
        r"expulsee? (?:ce|cette|aujourdhui|demain|hier)",
        r"115",
    ),
    DANGER: (r"au secours|en danger|urgence vitale|(?:va|vont) me tuer|aidez moi vite|112",),
}
_COMPILED = tuple(
    (distress, re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")) for distress, patterns in PATTERNS.items()
)


def recognise(text: str) -> Distress | None:
    """The distress that a question speaks of, if it does."""
    words = fold_text(prepare(text))
    for distress, pattern in _COMPILED:
        if pattern.search(words):
            return distress
    return None
