"""What becomes of French text."""

import pytest

from search.analysis import fold, fold_text, prepare, terms, tokens


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Épicerie sociale", "epiceries sociales"),
        ("l’aller-vers", "aller vers"),
        ("l'aller-vers", "l’aller‑vers"),
        ("Guide des petits P.A.S.", "guide petits pas"),
        ("C.L.A.S.S.", "CLASS"),
        ("U.R.I.O.P.S.S", "URIOPSS"),
        ("centres sociaux", "centre social"),
        ("qu'il lorsqu’elle jusqu'ici puisqu'on", "il elle ici on"),
        ("4ème arrondissement", "4e arrondissement"),
        ("les élu-e-s", "les élus"),
        ("habitant·e·s", "habitants"),
        ("cœur", "coeur"),
        ("œuvre sociale", "Oeuvres sociales"),
        ("e\u0301picerie", "épicerie"),
    ],
)
def test_two_ways_to_write_it_give_the_same_terms(left, right):
    assert terms(left) == terms(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("amiante", "ami"),
        ("bâtiment", "bat"),
        ("département", "départ"),
        ("étudiante", "étudier"),
        ("mères", "mer"),
        ("raté", "rats"),
        ("testament", "test"),
    ],
)
def test_words_that_only_look_alike_are_not_taken_for_each_other(left, right):
    assert set(terms(left)).isdisjoint(terms(right))


def test_words_that_carry_meaning_are_kept():
    assert terms("sans abri, hors les murs, chez une personne") == ["san", "abri", "hor", "mur", "chez", "person"]


def test_little_words_are_dropped():
    assert terms("à la une de l'un et des autres") == ["autr"]


def test_a_code_is_one_term_with_its_other_spellings():
    assert terms("PA 2.2.2") == ["pa2_2_2", "2_2_2", "pa222", "pa"]
    assert terms("la fiche PA-2.2.2.") == ["fich", "pa2_2_2", "2_2_2", "pa222", "pa"]
    assert terms("2.2.2") == ["2_2_2"]
    assert terms("de 2.2") == ["2_2"]


def test_an_acronym_is_found_exactly_and_as_the_word_it_resembles():
    assert terms("AVS") == ["avs"]
    assert terms("CAMPUS") == terms("campus") or "campus" in terms("CAMPUS")


def test_nothing_but_signs_gives_no_term():
    assert terms("🙂 \x00 \" ' — % * ( )") == []


def test_letters_of_other_alphabets_are_kept():
    assert terms("مرحبا Київ") == ["مرحبا", "киів"]


def test_offsets_point_into_the_prepared_text():
    text = prepare("L’épicerie des P.A.S.")
    assert [text[token.start : token.end] for token in tokens(text)] == ["épicerie", "P.A.S."]


def test_folding_keeps_every_word():
    assert fold("Œuvre") == "oeuvre"
    assert fold_text("À l’Île-de-France") == "a ile de france"
