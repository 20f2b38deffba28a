"""The vocabulary as a CSV file: taken out whole, brought in after a report, by staff only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.accounts.roles import CONTRIBUTORS, EDITORS, PARTNERS
from search import transfer
from search.lexicon import starting
from search.models import LexiconEntry, LexiconState
from tests.factories.core import UserFactory, theme
from tests.search.documents import forget_vocabulary, found, put

pytestmark = pytest.mark.django_db
FOOD = "equipement-et-alimentation--alimentation"
FRIDGE = "key;kind;says\nfrigo;synonym;frigo | réfrigérateur\n"


@pytest.fixture(autouse=True)
def empty_vocabulary():
    forget_vocabulary()


@pytest.fixture
def editor(client):
    client.force_login(UserFactory(groups=[EDITORS]))


def address(name):
    return reverse(LexiconEntry.snippet_viewset.get_url_name(name))


def send(client, content, **data):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(address("import"), {"file": SimpleUploadedFile("mots.csv", content), **data})


def keys():
    return sorted(LexiconEntry.objects.values_list("key", flat=True))


@pytest.mark.parametrize("role", [CONTRIBUTORS, PARTNERS])
def test_only_staff_take_out_and_bring_in(client, role):
    client.force_login(UserFactory(groups=[role]))
    assert client.get(address("export")).status_code == 302
    assert client.get(address("import")).status_code == 302
    assert send(client, FRIDGE, sure="1").status_code == 302
    assert keys() == []


def test_what_is_taken_out_comes_back_as_it_was(client, editor):
    one = LexiconEntry.objects.create(
        key="frigo", kind="concept", says="frigo\nréfrigérateur", reads=True, note="Été, « ici »"
    )
    one.themes.add(theme(FOOD))
    LexiconEntry.objects.create(key="vieux", kind="synonym", says="vieux\nancien", active=False)
    taken = client.get(address("export")).content
    assert taken.startswith(b"\xef\xbb\xbfkey,kind,says")
    report = send(client, taken).context["report"]
    assert (report.created, report.updated, report.unchanged, report.problems) == (0, 0, 2, [])
    forget_vocabulary()
    content = send(client, taken).context["content"]
    client.post(address("import"), {"text": content, "sure": "1"})
    assert client.get(address("export")).content == taken


def test_a_file_is_reported_first_then_brought_in(client, editor):
    put("meuble", "Réfrigérateurs d'occasion")
    LexiconEntry.objects.create(key="vieux", kind="synonym", says="vieux\nancien", shipped=True)
    edition = LexiconState.objects.get().edition
    content = FRIDGE + "vieux;synonym;vieux | usagé\nÉté;synonym;été\n"
    response = send(client, content)
    report = response.context["report"]
    assert (report.created, report.updated, [line for line, _problem in report.problems]) == (1, 1, [4])
    assert "« Été » n’est pas un code" in response.text.replace("\xa0", " ")
    assert (keys(), found("frigo"), LexiconState.objects.get().edition) == (["vieux"], [], edition)
    assert client.post(address("import"), {"text": content, "sure": "1"}).status_code == 302
    assert keys() == ["frigo", "vieux"]
    changed = LexiconEntry.objects.get(key="vieux")
    assert (changed.says, changed.shipped) == ("vieux\nusagé", False)
    assert found("frigo") == ["meuble"]


def test_a_file_of_an_older_spreadsheet_is_read(client, editor):
    send(client, FRIDGE.encode("cp1252"), sure="1")
    assert LexiconEntry.objects.get().says == "frigo\nréfrigérateur"


def test_a_file_without_the_column_leaves_what_is_out_of_use(client, editor):
    LexiconEntry.objects.create(key="frigo", kind="synonym", says="frigo", active=False)
    send(client, FRIDGE, sure="1")
    one = LexiconEntry.objects.get()
    assert (one.says, one.active) == ("frigo\nréfrigérateur", False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "pas un texte"),
        (b"\x81\x8d\x8f", "pas un texte"),
        (b"nom,prenom\na,b\n", "colonne"),
        (b'key,kind,says\nfrigo,synonym,"' + b"a" * 140_000 + b'"\n', "Ligne"),
        (b"key,kind,says\n" + b"a" * (transfer.LARGEST + 1), "2 Mo"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_changes_nothing(client, editor, content, said):
    LexiconEntry.objects.create(key="frigo", kind="synonym", says="frigo")
    response = send(client, content, sure="1")
    assert response.status_code == 400
    errors = " ".join(error for errors in response.context["form"].errors.values() for error in errors)
    assert said in errors
    assert keys() == ["frigo"]


def test_nothing_is_brought_in_without_a_file_or_by_a_mere_address(client, editor):
    assert client.post(address("import"), {"sure": "1"}).status_code == 400
    assert client.get(address("import"), {"text": FRIDGE, "sure": "1"}).status_code == 200
    assert keys() == []


@pytest.mark.parametrize("line", ["x" * 81 + ";synonym;mot", "mot;synonym;!!!"])
def test_a_line_that_no_database_or_search_could_take_is_refused(line):
    report = starting.read(f"key;kind;says\n{line}\n")
    assert [number for number, _problem in report.problems] == [2]
    assert keys() == []
