"""What a question is taken to mean: the vocabulary, places and misspelt words, through the search itself."""

import pytest

from search.groups import Heard
from search.highlights import mark
from search.lexicon import starting
from search.models import LexiconEntry
from search.query import understand
from tests.search.documents import forget_vocabulary, found, put

pytestmark = pytest.mark.django_db
HEADER = "key,kind,says,means,related,themes,publics,reads,note\n"
FOOD = "equipement-et-alimentation--alimentation"


@pytest.fixture(autouse=True)
def empty_vocabulary():
    forget_vocabulary()


def add(line):
    report = starting.read(HEADER + line)
    assert report.problems == []


def test_words_that_say_the_same_find_each_other():
    add("frigo,synonym,frigo | réfrigérateur,,,,,no,")
    put("meuble", "Réfrigérateurs d'occasion")
    assert found("un frigo") == ["meuble"]
    assert found("refrigerateur") == ["meuble"]


def test_an_acronym_finds_its_meanings_and_they_find_it():
    add("cada,acronym,CADA,centre d'accueil pour demandeurs d'asile | commission d'accès aux documents,,,,yes,")
    put("asile", "Centre d'accueil pour demandeurs d'asile de Reims")
    put("papiers", "Commission d'accès aux documents administratifs")
    put("sigle", "CADA Le Phare")
    put("autre", "Centre de documentation")
    assert set(found("cada")) == {"asile", "papiers", "sigle"}
    assert "sigle" in found("centre d'accueil pour demandeurs d'asile")


def test_a_situation_is_recognised_in_a_sentence_and_answered_by_words_and_themes():
    add(f"rester-seul,situation,père … rester seul | mère … rester seule,aide à domicile,,{FOOD},seniors,no,")
    put("domicile", "Aide à domicile")
    put("repas", "Portage", themes=(FOOD,))
    put("autre", "Aide aux devoirs, hors du domicile de l'enfant")
    assert found("mon père ne peut plus rester seul")[0] == "domicile"
    assert "repas" in found("mon père ne peut plus rester seul")
    assert found("mon père travaille") == []


def test_a_record_that_says_it_in_its_own_words_is_met_on_the_concept():
    add(f"epicerie,concept,épicerie sociale | épicerie solidaire,courses à petit prix,,{FOOD},,yes,")
    put("boutique", "Le Panier", body="On y fait des courses à petit prix.")
    put("theme", "Le Cabas", themes=(FOOD,))
    assert found("épicerie sociale") == ["boutique", "theme"]


def test_words_that_only_sentences_carry_ask_nothing():
    add("je-cherche,filler,je cherche | où est-ce que je peux avoir,,,,,no,")
    put("colis", "Colis alimentaire")
    put("je", "Je cherche un parrain")
    assert found("où est-ce que je peux avoir un colis") == ["colis"]
    assert found("je cherche") == ["je"]


def test_the_longest_expression_wins_and_leaves_the_rest():
    add("aide,synonym,aide | appui,,,,,no,")
    add("alimentaire,concept,aide alimentaire,,,,,no,")
    groups = understand("aide alimentaire gratuite").groups
    assert [(group.text, group.kind) for group in groups if not group.bonus] == [
        ("aide alimentaire", "concept"),
        ("gratuite", "word"),
    ]


def test_an_edit_of_the_vocabulary_is_taken_up_by_the_next_question():
    put("toubib", "Cabinet médical")
    assert found("toubib") == []
    add("toubib,synonym,toubib | médical,,,,,no,")
    assert found("toubib") == ["toubib"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("psycologue", "psychologue"),  # a letter forgotten
        ("pyschologue", "psychologue"),  # two letters in the wrong order
        ("dasile", "asile"),  # an apostrophe forgotten
        ("surendettement", ""),  # known as it is
        ("zxqwvk", ""),
    ],
)
def test_a_word_that_nothing_knows_is_taken_for_the_nearest_that_is_known(typed, meant):
    put("one", "Psychologue, droit d'asile et surendettement")
    assert dict(understand(typed).corrections).get(typed, "") == meant


def test_a_known_word_is_never_corrected():
    put("one", "Psychologue")
    put("two", "Association Psycologue")
    assert found("psycologue") == ["two"]


@pytest.mark.parametrize(
    ("text", "label", "postcodes"),
    [
        ("aide alimentaire à Villeurbanne", "Villeurbanne", ("69100",)),
        ("wc lyon 4", "Lyon 4e", ("69004",)),
        ("douche Lyon 7e", "Lyon 7e", ("69007",)),
        ("69003", "Lyon (69003)", ("69003",)),
        ("médecin 51100 Reims", "Reims (51100)", ("51100",)),
        ("un logement à Sens", "Sens", ("89100",)),
        ("papiers à Rillieux", "Rillieux-la-Pape", ("69140",)),
        ("ordinateur Oullins", "Oullins-Pierre-Bénite", ("69310", "69600")),
    ],
)
def test_a_place_is_recognised(text, label, postcodes):
    near = understand(text).near
    assert (near.label, near.postcodes) == (label, postcodes)


@pytest.mark.parametrize(
    "text",
    [
        *("le bon sens", "lit pour bébé", "aide", "7e", "99999"),
        *("il a pas de papiers", "elle a eu un accident", "à cause de son âge", "elle se coupe les bras"),
        *("toutes les nuits", "sur son téléphone", "le juge a placé mon fils"),
    ],
)
def test_a_word_that_is_also_a_name_is_no_place(text):
    assert understand(text).near is None


def test_what_is_in_the_place_comes_first_then_what_is_around():
    from core.finding.documents import Place

    put("loin", "Douche", kind="service", place=Place(postcode="51100", city="Reims", latitude=49.26, longitude=4.03))
    put("partout", "Douche", kind="service")
    put(
        "autour",
        "Douche",
        kind="service",
        place=Place(postcode="69100", city="Villeurbanne", latitude=45.77, longitude=4.88),
    )
    put("ici", "Douche", kind="service", place=Place(postcode="69007", city="Lyon", latitude=45.75, longitude=4.83))
    assert found("douche lyon 7") == ["ici", "autour", "partout", "loin"]


def test_a_csv_brings_back_what_was_taken_out():
    add(f"epicerie,concept,épicerie sociale | épicerie solidaire,courses,,{FOOD},familles,yes,Une note")
    taken = starting.write(LexiconEntry.objects.prefetch_related("themes", "publics"))
    LexiconEntry.objects.all().delete()
    assert starting.read(taken).created == 1
    assert starting.write(LexiconEntry.objects.all()) == taken
    assert starting.read(taken).unchanged == 1


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Épicerie,concept,épicerie,,,,,no,", "« Épicerie » n’est pas un code"),
        ("epicerie,nothing,épicerie,,,,,no,", "« nothing » n’est"),
        ("epicerie,concept, | ,,,,,no,", "Aucune expression"),
        ("epicerie,concept,épicerie,,,inconnu,,no,", "inconnu"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_changes_nothing(line, problem):
    report = starting.read(HEADER + line)
    assert [number for number, _problem in report.problems] == [2]
    assert problem in report.problems[0][1].replace("\xa0", " ")
    assert not LexiconEntry.objects.exists()


def test_a_code_that_stands_twice_is_named_and_its_first_line_kept():
    report = starting.read(HEADER + "epicerie,concept,épicerie,,,,,no,\nepicerie,concept,magasin,,,,,no,")
    assert [number for number, _problem in report.problems] == [3]
    assert LexiconEntry.objects.get().says == "épicerie"


# ---- what it shows of itself ---------------------------------------------------------------------------------


def test_what_was_understood_is_told_the_surest_first():
    add("epicerie,concept,épicerie sociale | courses à petit prix,,,,,no,")
    add("etudiant,synonym,étudiant,,,,,no,")
    add("seul,situation,père … seul,aide à domicile | portage,,,,no,")
    add("siao,acronym,SIAO | service intégré,service intégré | orientation,,,,no,")
    put("one", "Psychologue")
    text = "mon père reste seul, psycologue étudiant, courses à petit prix, SIAO à Villeurbanne"
    assert understand(text).heard == (
        Heard(("~place",), "place", "Villeurbanne"),
        Heard(("~spelling",), "spelling", "psycologue", ("psychologue",)),
        Heard(("seul",), "situation", "père reste seul", ("aide à domicile", "portage")),
        Heard(("epicerie",), "concept", "courses à petit prix", ("épicerie sociale",)),
        Heard(("siao",), "acronym", "SIAO", ("service intégré", "orientation")),
    )


def test_an_acronym_that_stands_for_several_things_says_so():
    add("cada,acronym,CADA,centre d'accueil | commission d'accès,,,,no,")
    assert understand("cada").heard == (
        Heard(("cada",), "acronym", "cada", ("centre d'accueil", "commission d'accès"), ambiguous=True),
    )


def test_the_same_words_are_told_once_with_all_that_they_were_taken_for():
    add("frigo,concept,frigo vide,,,,,no,")
    add("faim,situation,frigo vide,aide alimentaire,,,,no,")
    assert understand("frigo vide").heard == (
        Heard(("faim", "frigo"), "situation", "frigo vide", ("aide alimentaire",)),
    )
    assert understand("frigo vide", ["faim", "frigo"]).heard == ()


def test_an_entry_that_was_left_out_is_not_understood():
    add("frigo,concept,frigo,réfrigérateur,,,,no,")
    put("froid", "Réfrigérateur")
    put("frigo", "Le frigo partagé")
    assert found("frigo") == ["frigo", "froid"]
    assert [group.alternatives[-1].terms for group in understand("frigo", ["frigo"]).groups] == [("frigo",)]
    assert understand("frigo", ["frigo"]).heard == ()
    assert understand("frigo", ["gone-since"]).heard == understand("frigo").heard


def test_a_place_that_was_left_out_ranks_its_words_and_no_distance():
    asked = understand("douche lyon 7", ["~place"])
    assert (asked.near, asked.heard) == (None, ())
    assert [(group.text, group.bonus) for group in asked.groups if group.kind != "pair"] == [
        ("douche", False),
        ("Lyon 7e", True),
    ]


def test_a_correction_is_spelt_as_the_vocabulary_spells_it_and_can_be_left_out():
    add("hebergement,concept,hébergement,,,,,no,")
    asked = understand("Hebergemant d'urgence")
    assert asked.corrected == "Hébergement d'urgence"
    assert asked.corrections == (("hebergemant", "hebergement"),)
    exact = understand("Hebergemant d'urgence", ["~spelling"])
    assert (exact.corrected, exact.corrections, exact.heard) == ("", (), ())


@pytest.mark.parametrize(
    ("question", "text", "marked"),
    [
        # A word that was typed, wherever it stands; other words for it, only together.
        ("colis", "Aide au colis, aide alimentaire", "Aide au [colis], [aide] [alimentaire]"),
        ("aide alimentaire", "Une aide, une banque alimentaire", "Une [aide], une banque [alimentaire]"),
        # What is only near to it is not marked.
        ("colis", "Un panier", "Un panier"),
        ("siao", "Le SIAO : service intégré", "Le [SIAO] : [service] [intégré]"),
        ("siao", "Un service public", "Un service public"),
        ("psycologue", "Psychologue", "[Psychologue]"),
        ("je cherche un colis", "Je cherche", "Je cherche"),
        # The number of a place is no word.
        ("colis lyon 7", "7 colis à Lyon 7e", "7 [colis] à [Lyon] [7e]"),
    ],
)
def test_what_is_marked(question, text, marked):
    add("colis,concept,colis,aide alimentaire,panier,,,no,")
    add("siao,acronym,SIAO,service intégré,,,,no,")
    add("je-cherche,filler,je cherche,,,,,no,")
    put("one", "Psychologue")
    shown = str(mark(text, understand(question).marks)).replace("\xa0", " ").replace("\u202f", " ")
    assert shown.replace("<mark>", "[").replace("</mark>", "]") == marked
