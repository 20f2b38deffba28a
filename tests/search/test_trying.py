"""The page where staff try a question: what is understood, the reasons of each answer, before a change and after."""

import math
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.accounts.roles import CONTRIBUTORS, EDITORS, PARTNERS
from search import explaining
from search.engines import get_engine
from search.engines.base import SearchRequest
from search.engines.weighing import NOWHERE
from search.models import LexiconEntry, LexiconState
from search.query import understand
from search.trying import Factor
from tests.factories.core import TerritoryFactory, UserFactory, theme
from tests.factories.home import HomePageFactory, NewsPageFactory, StandardPageFactory
from tests.search.documents import forget_vocabulary, organisation, service

pytestmark = pytest.mark.django_db
FOOD = "equipement-et-alimentation--alimentation"


@pytest.fixture(autouse=True)
def empty_vocabulary():
    forget_vocabulary()


@pytest.fixture
def home():
    return HomePageFactory()


@pytest.fixture
def editor(client):
    client.force_login(UserFactory(groups=[EDITORS]))


def address(name="try", *args):
    return reverse(LexiconEntry.snippet_viewset.get_url_name(name), args=args)


def entry(**values):
    defaults = {"key": "frigo", "kind": "synonym", "says": "frigo\nréfrigérateur"}
    return LexiconEntry.objects.create(**{**defaults, **values})


def titles(side):
    return [result.title for result in side.results]


def reasons(result):
    return [(reason.part, reason.way.text if reason.way else None) for reason in result.reasons]


@pytest.mark.parametrize("role", [CONTRIBUTORS, PARTNERS])
def test_only_staff_try(client, role):
    client.force_login(UserFactory(groups=[role]))
    one = entry()
    for url in (address(), address("try_entry", one.pk)):
        assert client.get(url, {"q": "frigo"}).status_code == 302
        assert client.post(url, {"q": "frigo", "says": "frigo", "kind": "synonym"}).status_code == 302


def test_each_answer_says_which_parts_of_the_question_it_holds_and_how(client, editor):
    entry()
    organisation("Réfrigérateurs d'occasion", summary="Livraison gratuite")
    organisation("Réparer son frigo")
    response = client.get(address(), {"q": "frigo gratuit"})
    (side,) = response.context["sides"]
    assert [(part.text, part.kind) for part in side.parts if not part.bonus] == [
        ("frigo", "synonyme"),
        ("gratuit", "mot"),
    ]
    assert titles(side) == ["Réfrigérateurs d'occasion", "Réparer son frigo"]
    whole, half = side.results
    assert reasons(whole) == [("frigo", "réfrigérateur"), ("gratuit", "gratuit")]
    assert reasons(half) == [("frigo", "frigo"), ("gratuit", None)]
    held = half.reasons[0].share
    assert [factor.why for factor in (whole.factors[0], half.factors[0])] == [
        "elle contient 100 % de la question".replace(" %", "\xa0%"),
        f"elle contient {held} % de la question".replace(" %", "\xa0%"),
    ]
    assert whole.score > half.score > 0
    assert "réfrigérateur" in response.text


def test_what_was_read_in_a_text_and_what_a_theme_answers_are_said_so(client, editor):
    one = entry(key="epicerie", kind="concept", says="épicerie sociale", means="courses à petit prix", reads=True)
    one.themes.add(theme(FOOD))
    organisation("Le Panier", summary="Des courses à petit prix")
    organisation("Le Cabas").themes.add(theme(FOOD))
    (side,) = client.get(address(), {"q": "épicerie sociale"}).context["sides"]
    (part,) = [part for part in side.parts if not part.bonus]
    said = [way.text for way in part.ways]
    assert "lu dans le texte\xa0: épicerie sociale" in said
    assert f"thème\xa0: {theme(FOOD).label}" in said
    assert reasons(side.results[0]) == [("epicerie sociale", "lu dans le texte\xa0: épicerie sociale")]


def test_a_correction_and_a_place_are_shown_with_what_the_place_takes_off(client, editor):
    entry(says="vestiaire")
    organisation("Vestiaire d'ici", postcode="69100", city="Villeurbanne")
    organisation("Vestiaire d'ailleurs")
    (side,) = client.get(address(), {"q": "vestaire Villeurbanne"}).context["sides"]
    assert side.understanding.corrections == (("vestaire", "vestiaire"),)
    assert side.understanding.near.label == "Villeurbanne"
    assert [(result.title, result.factors[-1]) for result in side.results] == [
        ("Vestiaire d'ici", Factor(100.0, "le lieu")),
        ("Vestiaire d'ailleurs", Factor(100 * NOWHERE, "le lieu")),
    ]


@pytest.mark.parametrize(
    ("text", "factors"),
    [
        ("vestiaire", 2),
        ("vestiaire enfant", 2),
        ("trouver vestiaire pour bébé", 2),
        ("habits enfant Villeurbanne", 3),
        ("enfant 69100", 3),
        ("PA 2.2.2", 2),
        ("vestiare", 2),
    ],
)
def test_the_reasons_that_are_shown_make_the_score(client, editor, home, text, factors):
    """What the parts bring adds up; times what is kept by cover, kind, date and place, it is the engine's score."""
    TerritoryFactory(code="69266", name="Villeurbanne", postcodes=["69100"])
    one = entry(
        key="vestiaire", kind="concept", says="vestiaire\nhabits", means="vêtements", related="layette", reads=True
    )
    one.themes.add(theme("equipement-et-alimentation--habillement"))
    old = timezone.now() - timedelta(days=200)
    organisation("Vestiaire", postcode="69100", city="Villeurbanne", latitude=45.77, longitude=4.88)
    service(
        "Vestiaire enfant",
        summary="Des vêtements et de la layette",
        place_is_actors=False,
        latitude=46.2,
        longitude=5.22,
    )
    organisation("Layette", summary="Pour chaque enfant, chaque bébé")
    StandardPageFactory(parent=home, title="Un vestiaire pour chaque enfant", summary="PA 2.2.2")
    NewsPageFactory(
        parent=home, title="Vestiaire, PA 2.2.2", date=old.date(), body=[("text", "<p>Habits d'enfant</p>")]
    )
    (side,) = client.get(address(), {"q": text}).context["sides"]
    assert side.results
    for result in side.results:
        kept = math.prod(factor.percent / 100 for factor in result.factors)
        assert sum(reason.points for reason in result.reasons) == pytest.approx(result.words)
        assert result.words * kept == pytest.approx(result.score, rel=1e-3), result.title  # a sphere is not a plane
        past = [factor.percent for factor in result.factors if factor.why == "son jour est passé"]
        assert len(result.factors) == factors + len(past)
        assert [round(percent) for percent in past] == ([79] if result.kind == "Actualité" else [])


def test_a_score_that_another_engine_gave_is_explained_whole(client, editor, monkeypatch):
    class Other:
        name = "other"
        search = staticmethod(get_engine().search)

    organisation("Frigo")
    (told,) = client.get(address(), {"q": "frigo"}).context["sides"]
    monkeypatch.setattr("search.trying.get_engine", Other)
    response = client.get(address(), {"q": "frigo"})
    (whole,) = response.context["sides"]
    assert [reason.points for reason in whole.results[0].reasons] == [None]
    assert whole.results[0].words == pytest.approx(told.results[0].words)
    assert "apporte" not in response.text


def test_an_entry_is_tried_without_it_and_with_it(client, editor):
    one = entry()
    organisation("Réfrigérateurs d'occasion")
    response = client.get(address("try_entry", one.pk))
    assert response.context["q"] == "frigo"
    without, with_it = response.context["sides"]
    assert (titles(without), titles(with_it)) == ([], ["Réfrigérateurs d'occasion"])


def test_a_form_is_tried_before_it_is_saved(client, editor):
    one = entry(says="frigo")
    organisation("Réfrigérateurs d'occasion")
    edition = LexiconState.objects.get().edition
    form = {"says": "frigo\nréfrigérateur", "kind": "synonym", "active": "on", "q": ""}
    for url in (address("try_entry", one.pk), address()):
        response = client.post(url, form)
        before, after = response.context["sides"]
        assert (titles(before), titles(after)) == ([], ["Réfrigérateurs d'occasion"])
        assert 'name="says" value="frigo\nréfrigérateur"' in response.text
    one.refresh_from_db()
    assert (one.says, LexiconEntry.objects.count(), LexiconState.objects.get().edition) == ("frigo", 1, edition)


def test_the_form_has_the_button_that_tries_it(client, editor):
    one = entry()
    for page, tried in ((address("add"), address()), (address("edit", one.pk), address("try_entry", one.pk))):
        assert f'formaction="{tried}"' in client.get(page).text


@pytest.mark.parametrize("text", ['"', "…", "😀", "a" * 512, "' OR 1=1", "{!func}", "\u202e"])
def test_any_text_can_be_tried(client, editor, text):
    assert client.get(address(), {"q": text}).status_code == 200


def test_what_cannot_be_tried_is_refused(client, editor):
    assert client.get(address(), {"q": "a" * 513}).status_code == 400
    assert client.post(address(), {"q": "frigo", "says": "!!!", "kind": "synonym"}).status_code == 400
    assert client.get(address("try_entry", 0)).status_code == 404


@pytest.mark.parametrize("text", ["frigo", "frigo réparé", "réparer frigo gratuit", "occasion 69100"])
def test_what_is_explained_is_what_the_engine_found(text):
    """An answer holds a part of the question for the one exactly if it does for the other."""
    entry()
    organisation("Réfrigérateurs d'occasion", summary="Livraison gratuite")
    organisation("Réparer son frigo")
    organisation("Frigo réparé, gratuit")
    understanding = understand(text)
    answer = get_engine().search(SearchRequest(understanding, limit=10))
    explained = explaining.explain(understanding, answer.hits, timezone.now())
    assert explained
    assert all(one.cover > 0 for one in explained)
    assert answer.partial == all(one.cover < 0.999 for one in explained)


def test_what_a_place_takes_off_grows_with_the_distance():
    TerritoryFactory(code="69266", name="Villeurbanne")
    organisation("Vestiaire", postcode="69100", city="Villeurbanne", latitude=45.77, longitude=4.88)
    organisation("Vestiaire", postcode="01000", city="Bourg", latitude=46.2, longitude=5.22)
    organisation("Vestiaire")
    placed = understand("vestiaire Villeurbanne")
    near = explaining.explain(placed, get_engine().search(SearchRequest(placed)).hits, timezone.now())
    assert [round(one.nearness, 2) for one in near] == [1.0, NOWHERE, 0.06]
