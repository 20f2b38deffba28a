"""One suite for every engine: what is found, in which order, counted how. Run it on each database."""

from datetime import UTC, datetime, timedelta

import pytest

from core.finding.documents import Place, SearchDocument
from search import explaining
from search.engines import database_engine
from search.engines.weighing import KIND_WEIGHTS
from search.groups import Near
from search.models import IndexRow, LexiconEntry
from search.query import understand
from tests.search.documents import COLLECTION, ask, engine, found, names, no_vocabulary, put, remove

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def without_vocabulary(each_engine):
    """Words are only themselves here; what the vocabulary adds to them has its own tests."""
    no_vocabulary()


@pytest.fixture
def shelf():
    """Five things to choose from."""
    put(
        "colis",
        "Colis alimentaire",
        kind="service",
        themes=("equipement-et-alimentation--alimentation",),
        publics=("familles",),
        territories=("commune:69123",),
    )
    put(
        "repas",
        "Repas chaud",
        kind="service",
        themes=("equipement-et-alimentation--alimentation", "sante"),
        publics=("seniors",),
        summary="Une aide alimentaire",
    )
    put("ccas", "CCAS de Bron", kind="actor", themes=("sante--acces-aux-soins",), publics=("familles", "seniors"))
    put(
        "atelier",
        "Atelier cuisine",
        kind="workshop",
        body="aide alimentaire et santé, chaque mardi dans la cuisine de la maison commune",
    )
    put("page", "Mentions légales")


def test_every_word_is_asked_first_then_some_of_them(shelf):
    answer = ask("aide alimentaire")
    assert names(answer) == ["repas", "atelier", "colis"]
    assert (answer.total, answer.partial) == (3, False)


def test_a_question_of_which_no_thing_holds_every_word_is_partial(shelf):
    answer = ask("colis trucmuche")
    assert names(answer) == ["colis"]
    assert answer.partial


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cuisine trucmuche", ["atelier"]),
        ("maison trucmuche", []),  # said in passing, in its text
        ("maison commune trucmuche", []),
        ("maison commune", ["atelier"]),  # no word of it is found nowhere
    ],
)
def test_beside_a_word_that_is_found_nowhere_only_names_answer(shelf, text, expected):
    answer = ask(text)
    assert (names(answer), answer.total) == (expected, len(expected))
    assert answer.facets["kind"] == {"workshop": 1} if expected else not answer.facets["kind"]


def test_beside_a_word_that_is_found_nowhere_texts_answer_a_need_that_was_recognised():
    LexiconEntry.objects.create(key="house", kind="concept", says="maison", reads=True)
    put("atelier", "Atelier cuisine", body="Dans la cuisine de la maison commune")
    assert found("maison trucmuche") == ["atelier"]


def test_nothing_is_found_for_unknown_words_or_signs(shelf):
    for text in ("trucmuche", "🙂", '"', "'; DROP TABLE search_indexrow; --", "title : *", "a AND (", "%"):
        assert found(text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        'colis "alimentaire"',
        "colis NOT alimentaire",
        "colis*",
        "title:colis",
        "^colis",
        "NEAR(colis)",
        "colis\\",
        "colis'",
    ],
)
def test_signs_of_query_languages_are_only_signs(shelf, text):
    assert found(text)[0] == "colis"


def test_a_title_weighs_more_than_a_text():
    put("text", "Une page", body="La permanence logement est ouverte")
    put("title", "Permanence logement")
    assert found("logement") == ["title", "text"]


def test_the_sheet_that_bears_a_code_comes_before_those_that_mention_it():
    put("mention", "Bilan", summary="PA 2.2.2, PA 2.2.2 et encore PA 2.2.2")
    put("sheet", "Conforter les actions collectives", code="PA 2.2.2", body="mot " * 400)
    put("other", "Promouvoir", code="PA 2.1.2")
    for text in ("PA 2.2.2", "pa 2.2.2", "2.2.2", "pa222"):
        assert found(text)[0] == "sheet", text
        assert "other" not in found(text)


def test_a_code_is_not_found_by_its_prefix():
    put("sheet", "Promouvoir", code="PA 2.1.2")
    assert found("PA 2.2.2") == []


def test_neighbours_are_found_together():
    put("apart", "Meubles", body="Des petits prix pour tous, et il ne faut même pas de voiture")
    put("guide", "Ressources", body="Le Guide des petits P.A.S. paraît tous les ans, en mars ou en avril")
    assert found("petits pas") == ["guide", "apart"]


def test_other_names_and_records_are_found():
    put("uriopss", "Union régionale", names=("URIOPSS",))
    put("assises", "Assises de la solidarité", related=("URIOPSS Champagne-Ardenne",))
    assert found("uriopss") == ["uriopss", "assises"]


def test_themes_and_publics_are_words_too(shelf):
    assert "colis" in found("alimentation familles")


# ---- filters and facets --------------------------------------------------------------------------


def test_values_of_one_filter_add_up_and_filters_narrow_each_other(shelf):
    assert set(found(filters={"kind": ("service", "actor")})) == {"colis", "repas", "ccas"}
    assert set(found(filters={"kind": ("service", "actor"), "public": ("seniors",)})) == {"repas", "ccas"}


def test_a_category_holds_its_leaves(shelf):
    assert set(found(filters={"theme": ("sante",)})) == {"repas", "ccas"}
    assert found(filters={"theme": ("sante--acces-aux-soins",)}) == ["ccas"]


def test_each_facet_ignores_its_own_filter(shelf):
    answer = ask(filters={"kind": ("service",), "public": ("familles",)})
    assert names(answer) == ["colis"]
    assert answer.total == 1
    assert answer.facets["kind"] == {"service": 1, "actor": 1}
    assert answer.facets["public"] == {"familles": 1, "seniors": 1}
    assert answer.facets["theme"] == {
        "equipement-et-alimentation": 1,
        "equipement-et-alimentation--alimentation": 1,
    }


def test_the_total_counts_what_the_kinds_leave(shelf):
    answer = ask("aide alimentaire", filters={"kind": ("workshop",)})
    assert (answer.total, names(answer)) == (1, ["atelier"])


def test_facets_count_what_the_words_leave(shelf):
    assert ask("repas").facets["kind"] == {"service": 1}


# ---- order and pages ------------------------------------------------------------------------------


def test_sorted_by_name_without_accents():
    for name in ("zèbre", "Écluse", "abri", "Eau"):
        put(name)
    assert found(sort="name") == ["abri", "Eau", "Écluse", "zèbre"]


def test_sorted_by_date_the_newest_first():
    put("none")
    put("old", published_at=NOW - timedelta(days=9))
    put("new", published_at=NOW)
    put("coming", starts_at=NOW + timedelta(days=9), published_at=NOW - timedelta(days=99))
    assert found(sort="date") == ["coming", "new", "old", "none"]
    assert found(sort="newest") == ["new", "old", "coming", "none"]


def spot(name, title="Douche", latitude=None, longitude=None):
    put(name, title, place=Place(city="Lyon", latitude=latitude, longitude=longitude))


@pytest.mark.parametrize("text", ["douche", ""])
def test_sorted_by_distance_from_the_place_that_was_asked_for(text):
    spot("nowhere")
    spot("paris", latitude=48.8566, longitude=2.3522)
    spot("wrong", latitude=200.0, longitude=4.83)
    spot("bron", latitude=45.7339, longitude=4.9120)
    spot("twin", latitude=45.7578, longitude=4.8320)
    spot("other", latitude=45.7578, longitude=4.8320)
    spot("antipode", latitude=-45.76, longitude=-175.17)
    near = Near("", "", 45.76, 4.83)
    expected = ["twin", "other", "bron", "paris", "antipode", "nowhere", "wrong"]
    assert found(text, sort="distance", near=near) == expected
    assert found(text, sort="distance", near=near, offset=2, limit=2) == ["bron", "paris"]


def test_without_a_place_there_is_no_distance_to_sort_by():
    spot("text", "Une page", latitude=45.76, longitude=4.83)
    put("title", "Douche")
    put("body", "Une page", body="douche")
    assert found("douche", sort="distance") == found("douche") == ["title", "body"]


def test_the_place_that_was_given_apart_counts_more_than_the_words():
    spot("reims", latitude=49.2583, longitude=4.0317)
    spot("lyon", latitude=45.7578, longitude=4.8320)
    assert found("douche", near=Near("", "", 49.26, 4.03)) == ["reims", "lyon"]
    assert found("douche", near=Near("", "", 45.76, 4.83)) == ["lyon", "reims"]


def test_a_door_whose_words_say_the_place_that_was_typed_needs_no_coordinates():
    put("said", "Douche d'Angers", kind="service")
    put("unsaid", "Douche", kind="service")
    put("there", "Douche", kind="service", place=Place(postcode="49000", latitude=47.47, longitude=-0.55))
    answer = ask("douche angers", now=NOW)
    explained = explaining.explain(understand("douche angers"), answer.hits, NOW, by_database=False)
    assert {one.row.object_id: one.nearness for one in explained} == {"said": 1.0, "there": 1.0, "unsaid": 0.35}
    assert names(answer) == ["said", "there", "unsaid"]
    # Where another place was chosen beside the words, to say this one is no help.
    elsewhere = ask("douche angers", near=Near("", "", 49.26, 4.03), now=NOW)
    scores = [dict(zip(names(one), (hit.score for hit in one.hits), strict=True)) for one in (answer, elsewhere)]
    assert scores[1]["said"] / scores[0]["said"] == pytest.approx(0.35, abs=0.001)


def test_what_a_thing_is_when_and_where_takes_the_same_off_its_score():
    near = Near("", "", 45.76, 4.83, ("69001",))
    here, around = {"postcode": "69001"}, {"postcode": "69500", "latitude": 45.74, "longitude": 4.91}
    far, nowhere = {"postcode": "75001", "latitude": 48.85, "longitude": 2.35}, {"postcode": "75002"}
    things = {
        "here": ("service", here, None),
        "around": ("service", around, None),
        "far": ("actor", far, None),
        "nowhere": ("service", nowhere, None),
        "page": ("page", nowhere, NOW - timedelta(days=500)),
        "old": ("news", nowhere, NOW - timedelta(days=500)),
        "new": ("news", nowhere, NOW - timedelta(days=5)),
        "plan": ("plan", nowhere, NOW),
    }
    for name, (kind, place, day) in things.items():
        put(name, "Douche", kind=kind, place=Place(**place), published_at=day)
    answer = ask("douche", near=near, now=NOW)
    scores = dict(zip(names(answer), (hit.score for hit in answer.hits), strict=True))
    kept = {
        name: explaining.nearness(near, SearchDocument(kind, name, "/", place=Place(**place)))
        * explaining.freshness(kind, day, NOW)
        * KIND_WEIGHTS.get(kind, 1.0)
        for name, (kind, place, day) in things.items()
    }
    assert {name: round(score / scores["here"], 2) for name, score in scores.items()} == {
        name: round(share, 2) for name, share in kept.items()
    }
    assert names(answer) == sorted(kept, key=kept.__getitem__, reverse=True)


def test_pages_follow_each_other_without_repeats():
    for number in range(7):
        put(f"page{number}", "Permanence")
    pages = [found("permanence", offset=offset, limit=3) for offset in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert sorted(name for page in pages for name in page) == [f"page{number}" for number in range(7)]
    assert ask("permanence", offset=6, limit=3).total == 7


# ---- what may not be seen ---------------------------------------------------------------------------


def test_what_is_withdrawn_is_neither_found_nor_counted(shelf):
    remove("colis")
    answer = ask("alimentaire")
    assert "colis" not in names(answer)
    assert answer.facets["public"] == {"seniors": 1}
    row = IndexRow.objects.get(collection=COLLECTION, object_id="colis")
    assert (row.deleted, row.document, row.title, row.version) == (True, {}, "", 2)


def test_what_comes_back_goes_on_from_its_version(shelf):
    remove("colis")
    put("colis", "Colis alimentaire")
    assert IndexRow.objects.get(collection=COLLECTION, object_id="colis").version == 3
    assert found("colis") == ["colis"]


def test_the_same_document_is_not_a_new_version():
    put("same", "Même")
    put("same", "Même")
    assert IndexRow.objects.get(collection=COLLECTION).version == 1


def test_what_has_expired_is_not_found_before_anyone_withdrew_it():
    put("old", "Permanence", expires_at=NOW)
    assert found("permanence", now=NOW - timedelta(seconds=1)) == ["old"]
    answer = ask("permanence", now=NOW + timedelta(seconds=1))
    assert (answer.total, answer.facets["kind"]) == (0, {})


def test_collections_do_not_see_each_other():
    put("here", "Permanence")
    assert ask("permanence").total == 1
    assert engine().suggest(("permanence",), 5) == []


# ---- suggestions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [("epi",), ("epicerie", "soc"), ("soc",), ("sociale",), ("de", "re")])
def test_suggestions_go_on_from_what_is_typed(typed):
    put("epicerie", "Épicerie sociale de Reims")
    put("other", "Vestiaire")
    ids = engine().suggest(typed, 5, COLLECTION)
    assert [IndexRow.objects.get(pk=pk).object_id for pk in ids] == ["epicerie"]


def test_suggestions_leave_out_what_may_not_be_seen():
    put("gone", "Épicerie")
    remove("gone")
    put("old", "Épicerie", expires_at=NOW - timedelta(days=9999))
    assert engine().suggest(("epi",), 5, COLLECTION) == []


def test_the_engine_holds_exactly_the_visible_rows():
    put("one")
    put("two")
    remove("two")
    assert database_engine().drift() == (set(), set())
