"""The vocabulary that the project ships: what people say leads to one situation, and not to its neighbour."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator

import pytest

from search.lexicon import starting
from search.lexicon.expressions import analyse
from search.models import EntryKind, LexiconEntry
from search.query import understand

pytestmark = pytest.mark.django_db


def rows(kind: str) -> Iterator[dict[str, str]]:
    for path in sorted(starting.FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from (row for row in csv.DictReader(file) if row["kind"] == kind)


def situations(text: str) -> set[str]:
    lived = set(LexiconEntry.objects.filter(kind=EntryKind.SITUATION).values_list("key", flat=True))
    return {code for one in understand(text).heard for code in one.codes} & lived


def test_an_expression_belongs_to_one_situation():
    owners: dict[tuple, set[str]] = defaultdict(set)
    for row in rows(EntryKind.SITUATION):
        for expression in starting.split(row["says"]):
            owners[analyse(expression).parts].add(row["key"])
    assert {parts: keys for parts, keys in owners.items() if len(keys) > 1} == {}


def test_every_situation_names_the_doors_that_weigh_most():
    assert [row["key"] for row in rows(EntryKind.SITUATION) if len(starting.split(row["means"])) < 3] == []


def test_an_acronym_of_several_senses_alone_marks_no_text():
    told = [
        row["key"]
        for row in rows(EntryKind.ACRONYM)
        if row["reads"] == "yes" and len(starting.split(row["says"])) == 1 and len(starting.split(row["means"])) > 1
    ]
    assert told == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        # leaving prison, visiting a prisoner, having somebody there
        ("je viens de sortir de prison", {"s-sortie-prison"}),
        ("je sors de prison sans papiers", {"s-sortie-prison-papiers"}),
        ("devenir visiteur de prison", {"s-visiteur-prison"}),
        ("mon frère est en prison", {"s-proche-prison"}),
        # an animal lost, adopted, ill, or refused
        ("j'ai perdu mon chien", {"s-animal-abandon-trouve"}),
        ("adopter un chien", {"s-animal-adopter"}),
        ("mon chat est malade", {"s-animal-veterinaire"}),
        ("un foyer avec mon chien", {"s-animaux-logement-refus"}),
        # dead, and threatened with death
        ("mon mari est mort", {"s-veuvage"}),
        ("mon mari m'a menacé de mort", {"s-violences-conjugales"}),
        ("mon fils s'est suicidé", {"s-deuil"}),
        ("j'ai fait une fausse couche", {"s-deuil-perinatal"}),
        # a child in danger, a child taken away, a parent who breaks down
        ("mon voisin frappe ses enfants", {"s-enfant-en-danger"}),
        ("le juge a placé ma fille", {"s-enfant-place"}),
        ("j'ai tapé mon fils", {"s-parents-debordes"}),
        ("mon fils me frappe", {"s-ado-en-crise"}),
        # seeing, hearing
        ("je vois mal", {"s-lunettes-audition"}),
        ("j'entends mal", {"s-entend-mal"}),
        ("je ne vois plus ma famille", set()),
        # a home
        ("le proprio veut vendre l'appartement", {"s-conge-proprietaire"}),
        ("mon proprio ne rend pas la caution", {"s-conflit-proprietaire"}),
        ("je n'ai pas de garant", {"s-pas-de-garant"}),
        ("on m'a mis dehors", {"s-dormir-dehors"}),
        ("mes parents m'ont mis dehors", {"s-jeune-mis-dehors"}),
        # hunger, and no appetite
        ("je n'ai rien à manger", {"s-manger"}),
        ("ma mère ne veut plus manger", {"s-parent-refuse-aide"}),
        # alone, and alone with children
        ("je vis seul", {"s-majeur-isole"}),
        ("je suis une mère seule avec deux enfants", {"s-parents-debordes"}),
        ("ma mère est seule", {"s-isolement-age"}),
        # foreigners
        ("j'ai reçu une OQTF", {"s-oqtf"}),
        ("mon asile est refusé", {"s-dublin-recours"}),
        ("on me force à me marier", {"s-mariage-force"}),
        # "à la rue" is not every street
        ("ma famille est à la rue", {"s-famille-rue"}),
        ("un magasin dans ma rue", set()),
        ("je ne peux plus marcher", set()),
        # staying clean
        ("prendre une douche", {"s-hygiene-douche"}),
        ("un coiffeur pas cher", {"s-coiffeur"}),
        ("des protections périodiques gratuites", {"s-protections-periodiques"}),
        # justice, images, work
        ("je dois faire un TIG", {"s-peine-tig"}),
        ("on me fait du chantage avec des photos nues", {"s-images-intimes"}),
        ("je suis livreur uber sans droits", {"s-livreur-plateforme"}),
        ("jeter un vieux matelas", {"s-jeter-encombrants"}),
        # words that only look alike
        ("mon mari travaille dans le bâtiment", set()),
        ("passer un test", set()),
        ("mon ami a un appartement", set()),
        ("j'ai peur de tomber enceinte", {"s-contraception"}),
        ("mon fils a été viré du collège", {"s-exclusion-scolaire"}),
        ("je vis avec une aide à domicile", set()),
    ],
)
def test_a_sentence_leads_to_its_own_situation(text, keys):
    assert situations(text) == keys
