"""What this site does not deal with: no answer but what is called so, a page that says why, and ways out of it."""

import pytest
from django.urls import reverse

from core.accounts.roles import EDITORS
from search.lexicon import starting
from search.models import LexiconEntry
from search.query import understand
from search.trying import DOUBTS
from tests.factories.core import UserFactory
from tests.factories.home import HomePageFactory
from tests.search.documents import ask, forget_vocabulary, found, put, service

pytestmark = pytest.mark.django_db
VOCABULARY = """key,kind,says,means,related,themes,publics,reads,note
films,outside,netflix | série turque,,film | jeux vidéo,,,no,
loto,outside,loto,,,,,no,
cinema,concept,cinéma | film | faire du cinéma,,,remobilisation,,no,
ecrans,situation,joue … jeux vidéo,contrôle parental,,remobilisation,,no,
addictions,concept,addiction,,,sante,,no,
gratuit,qualifier,gratuit,,,,,no,
"""


@pytest.fixture(autouse=True)
def vocabulary():
    forget_vocabulary()
    assert starting.read(VOCABULARY).problems == []


@pytest.fixture
def shelf(each_engine):
    put("cine", "Cinéma gratuit", body="Un film récent, pas celui de Netflix.")
    put("libre", "Accès gratuit", body="Le loto des habitants.")
    put("csapa", "Addiction et soin", body="Jeux d'argent, loto.")
    put("grand-loto", "Grand loto de la Saint-Jean")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("netflix", []),
        ("film netflix gratuit", []),  # "film" goes with it, and is no need beside it
        ("série turque gratuit", []),
        ("loto", ["grand-loto"]),  # what is called so
        ("loto gratuit", []),  # not called so as a whole
        ("addiction loto", ["csapa", "grand-loto", "libre"]),  # a need is recognised
        ("film gratuit", ["cine"]),
        ("gratuit", ["cine", "libre"]),
    ],
)
def test_only_what_is_called_so_answers_unless_a_need_is_recognised(shelf, text, expected):
    assert sorted(found(text)) == expected


@pytest.mark.parametrize("text", ["chaussette gratuit", "film zorglub flubber"])
def test_what_qualifies_a_need_or_is_a_small_part_of_the_question_makes_no_answer(shelf, text):
    assert found(text) == []
    assert ask(text).total == 0


def test_a_word_of_what_lies_outside_is_known_and_nothing_is_taken_for_it(each_engine):
    put("net", "Netflux")
    understanding = understand("netflix")
    assert (understanding.corrections, understanding.outside) == ((), True)
    assert understand("netflixe").corrections == ()


def test_the_page_says_so_and_leads_on(client):
    HomePageFactory()
    service("Cinéma", summary="Netflix n'y est pas")
    response = client.get("/recherche/", {"q": "film netflix"})
    html = response.content.decode()
    assert response.status_code == 200
    assert "Ce site ne peut pas aider pour cela" in html
    assert [(chip["label"], chip["url"]) for chip in response.context["understood"]] == [
        ("film : cinéma", "?q=film+netflix&sans=cinema"),
        ("netflix\N{NO-BREAK SPACE}: pas sur ce site", "?q=film+netflix&sans=films"),
    ]
    ways = {way["label"]: way["url"] for way in response.context["ways_out"]}
    assert ways["Chercher ces mots quand même"] == "?q=film+netflix&sans=films"
    anyway = client.get("/recherche/" + ways["Chercher ces mots quand même"])
    assert [result.title for result in anyway.context["answer"].results] == ["Cinéma"]


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("netflix", "outside"),
        ("zorglub gratuit", "unknown"),
        ("film", ""),
    ],
)
def test_staff_who_try_a_search_are_told_why_little_answers(client, text, doubt):
    service("Cinéma", summary="Film gratuit")
    client.force_login(UserFactory(groups=[EDITORS]))
    page = client.get(reverse(LexiconEntry.snippet_viewset.get_url_name("try")), {"q": text})
    said = {why: str(words) in page.content.decode() for why, words in DOUBTS.items()}
    assert said == {"outside": doubt == "outside", "unknown": doubt == "unknown"}


def test_it_is_taken_out_and_brought_back_as_csv():
    text = starting.write(LexiconEntry.objects.filter(kind="outside").order_by("key"))
    assert text.splitlines()[1] == "films,outside,netflix | série turque,,film | jeux vidéo,,,no,,yes"
    forget_vocabulary()
    assert starting.read(text).created == 2
    assert understand("netflix").outside
