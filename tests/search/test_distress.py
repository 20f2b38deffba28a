"""Words of distress are recognised, ordinary ones are not."""

import pytest

from search.distress import recognise

DISTRESS = {
    "je dors dehors ce soir": "outside",
    "mes parents m'ont mis dehors": "outside",
    "je suis à la rue avec mon chien": "outside",
    "JE SUIS A LA RUE": "outside",
    "mise à la porte": "outside",
    "passer la nuit dans ma voiture": "outside",
    "je n'ai nulle part où dormir": "outside",
    "être hébergée en urgence avec ses enfants": "outside",
    "hébergement d’urgence": "outside",
    "115": "outside",
    "mon mari me frappe": "violence",
    "violences conjugales": "violence",
    "j'ai peur de mon mari": "violence",
    "viol": "violence",
    "mon ex me harcèle": "violence",
    "femme battue": "violence",
    "j'ai envie de mourir": "suicide",
    "suicide": "suicide",
    "je ne dors plus et j'ai des idées noires": "suicide",
    "je ne veux plus vivre": "suicide",
    "enfant battu": "child",
    "mon fils est frappé à l'école": "child",
    "maltraitance": "child",
    "enfant en danger": "child",
    "au secours": "danger",
}
ORDINARY = [
    "",
    "épicerie sociale",
    "coup de main",
    "cours de violon",
    "12 rue des Violettes",
    "rue de la République",
    "maison de la rue Garibaldi",
    "accueil de jour femmes",
    "jardin d'enfants",
    "PA 2.1.15",
    "accompagnement à la fin de vie",
    "lutte contre les exclusions",
    "garde d'enfants",
    "petits pas",
]


@pytest.mark.parametrize(("text", "name"), DISTRESS.items())
def test_distress_is_recognised(text, name):
    assert recognise(text).name == name


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_left_alone(text):
    assert recognise(text) is None


def test_the_first_number_is_the_right_one():
    first = {text: recognise(text).calls[0].number for text in ("viol", "suicide", "maltraitance", "à la rue")}
    assert first == {"viol": "3919", "suicide": "3114", "maltraitance": "119", "à la rue": "115"}
    assert all(number.number for text in DISTRESS for number in recognise(text).numbers)
