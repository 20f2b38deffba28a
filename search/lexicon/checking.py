"""What staff write one a line in the admin, checked."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from search.lexicon.expressions import analyse
from search.lexicon.starting import split

LONGEST_EXPRESSION = 200


def checked(text: str) -> str:
    """The expressions of a field, one a line, each once. Raises ValidationError for one that cannot be searched."""
    found = split(text)
    for expression in found:
        if len(expression) > LONGEST_EXPRESSION:
            raise ValidationError(
                _("“%(start)s…” is too long: one expression a line, %(most)d characters at most."),
                params={"start": expression[:40], "most": LONGEST_EXPRESSION},
            )
        if not analyse(expression).parts:
            raise ValidationError(_("“%(text)s” holds no word that can be searched."), params={"text": expression})
    return "\n".join(found)
