"""The short closed lists of data·inclusion v1 as Django choices, built from the schema's own package."""

from __future__ import annotations

from data_inclusion.schema.v1 import Frais, ModeAccueil, ModeMobilisation, PersonneMobilisatrice, TypeService


def choices(enumeration: type) -> list[tuple[str, str]]:
    """Return (value, French label) pairs."""
    return [(member.value, member.label) for member in enumeration]  # type: ignore[attr-defined]


SERVICE_TYPES = choices(TypeService)
FEES = choices(Frais)
RECEPTION_MODES = choices(ModeAccueil)
MOBILISATION_MODES = choices(ModeMobilisation)
MOBILISED_BY = choices(PersonneMobilisatrice)
