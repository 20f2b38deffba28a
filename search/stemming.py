"""A light stemmer for French: plurals, genders and the commonest endings, nothing that changes a meaning.

It follows the published description of Jacques Savoy's light approach ("Light Stemming Approaches
for the French, Portuguese, German and Hungarian Languages", SAC 2006): rewrite a long derivational
ending, then drop the last inflection, then undouble. Words arrive folded (lower case, no accents),
so "retraité" and "retraite" meet, with or without the visitor's accents.

`benchmarks/search.py stemmers` compares it with Snowball's French stemmer on a judged set.
"""

from __future__ import annotations

from functools import lru_cache

# (ending, shortest word that has it as an ending, what replaces it); the first that fits is applied.
# The order is from the longest ending to the shortest of each family.
DERIVATIONS: tuple[tuple[str, int, str], ...] = (
    ("issement", 10, "ir"),
    ("issant", 9, "ir"),
    ("ficatrice", 12, "fier"),
    ("ficateur", 11, "fier"),
    ("catrice", 10, "quer"),
    ("cateur", 9, "quer"),
    ("atrice", 9, "er"),
    ("ateur", 8, "er"),
    ("trice", 8, "teur"),
    ("teuse", 8, "ter"),
    ("teur", 7, "ter"),
    ("euse", 7, "eur"),
    ("ieme", 6, ""),
    ("isation", 10, "is"),
    ("ation", 8, "at"),
    ("ition", 8, "it"),
    ("nnelle", 8, "n"),
    ("nnel", 7, "n"),
    ("ique", 7, "ic"),
    ("esse", 8, ""),
    ("inage", 8, "in"),
    ("ement", 8, "e"),
    ("ment", 8, ""),
    ("ienne", 7, "ien"),
    ("enne", 6, "en"),
    ("onne", 6, "on"),
    ("ere", 6, "er"),
    ("ive", 6, "if"),
    ("ette", 7, "et"),
    ("elle", 7, "el"),
    ("ee", 5, "e"),
)
LAST_LETTERS = "re"  # dropped one after the other: "aider" → "aide" → "aid"
SHORTEST = 4  # what is shorter is left alone: acronyms and little words


@lru_cache(maxsize=100_000)
def light_stem(word: str) -> str:
    """The stem of a folded word; anything that is not made of letters comes back untouched."""
    if len(word) < SHORTEST or not word.isalpha():
        return word
    word = _singular(word)
    for ending, shortest, replacement in DERIVATIONS:
        if len(word) >= shortest and word.endswith(ending):
            word = word[: -len(ending)] + replacement
            break
    for letter in LAST_LETTERS:
        if len(word) > SHORTEST - 1 and word.endswith(letter):
            word = word[:-1]
    if len(word) > SHORTEST and word[-1] == word[-2]:
        word = word[:-1]
    return word


def _singular(word: str) -> str:
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux") and len(word) > 5:
        return word[:-2] + "l"
    if word[-1] in "sx" and len(word) >= SHORTEST:
        return word[:-1]
    return word
