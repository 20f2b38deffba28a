"""Which records are twins and which only look like them; what a visitor, an editor and the commands see of it."""

from datetime import timedelta
from io import StringIO
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core.finding.units import unit_of_work
from search import evaluation, folding, indexing
from search.engines import get_engine
from search.engines.base import SearchRequest
from search.models import IndexRow, LexiconEntry, Timetable
from search.query import understand
from tests.factories.core import public, theme
from tests.factories.home import HomePageFactory
from tests.search.documents import COLLECTION, door, folded, forget_vocabulary, organisation
from tests.search.documents import service as offered

TEXT = "Aide pour les démarches en ligne, prêt d'ordinateurs, impression de documents"
OTHER = "Vestiaire ouvert le mardi matin, dons de meubles et de vaisselle"


@pytest.mark.django_db
class TestRule:
    """Pairs seen in real directories, from both sides of the line."""

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("CCAS de Lyon", "C.C.A.S. LYON"),
            ("Les Amis du jardin", "ASSOC LES AMIS DU JARDIN"),
            ("France services Saint-Laurent", "FRANCE SERVICES ST LAURENT"),
            ("Restos du Cœur", "Resto du coeur"),
            ("Emmaüs Connect", "Emmaus Connect Lyon"),
        ],
    )
    def test_names_that_differ_by_a_sign_are_one(self, one, other):
        door("one", one)
        door("other", other, origin="Annuaire")
        assert folded() == {"other": "one"}

    @pytest.mark.parametrize("other", ["CCAS de Bron", "CCAS de Lyon, bains-douches", "Croix-Rouge"])
    def test_another_name_is_another_door(self, other):
        door("one", "CCAS de Lyon")
        door("other", other)
        assert folded() == {}

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("14 rue de Wettolsheim", "Résidence Le Verdonnet 14, rue Wettolsheim 69003 Lyon"),
            ("87, boulevard Poniatowski, 69003", "87 Bd Poniatowski"),
            ("19/21 Place du Martoy", "19/21 place du Martroy"),
            ("34 rue du 8 mai 1945", "34bis R. DU 8 MAI 1945, 69003 LYON CEDEX 03"),
            ("17 Rue St Nicolas BP 196", "17 rue Saint-Nicolas"),
            ("Maison de Pays", "MAISON DE PAYS"),
        ],
    )
    def test_addresses_that_differ_by_a_sign_are_one(self, one, other):
        door("one", "Le Relais", one, body=TEXT)
        door("other", "Le Relais", other, body=OTHER)
        assert folded() == {"other": "one"}

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("18 passage Faugier", "207 avenue Marcel Mérieux"),
            ("18 rue Faugier", "20 rue Faugier"),
            ("1 rue de la Mairie", "1 place de la Mairie"),
            ("8 rue du 8 mai 1945", "45 rue du 8 mai 1945"),
            ("Parc de l'Yzeron, entrée rue de Merlo", "rue du Stade"),
        ],
    )
    def test_two_desks_of_one_name_are_two_doors_even_in_the_same_words(self, one, other):
        door("one", "Restos du Cœur", one, body=TEXT)
        door("other", "Restos du Cœur", other, body=TEXT)
        assert folded() == {}

    def test_two_communes_of_one_postcode_have_each_their_town_hall(self):
        door("messimy", "Mairie de Messimy", "Place de la Mairie", where={"city": "Messimy", "postcode": "69510"})
        door("thurins", "Mairie de Thurins", "Place de la Mairie", where={"city": "Thurins", "postcode": "69510"})
        assert folded() == {}

    def test_another_name_of_the_commune_at_the_same_spot_is_the_same_place(self):
        spot = {"postcode": "51130", "latitude": 48.899091, "longitude": 4.006936}
        door("one", "France services", "10 Rue des Loriots", where={**spot, "city": "Blancs-Coteaux"})
        door("other", "France Services", "10 Rue des Loriots", where={**spot, "city": "Vertus"})
        assert folded() == {"other": "one"}

    @pytest.mark.parametrize(
        ("text", "there", "expected"),
        [
            ("", {}, {"bare": "full"}),  # nothing against it
            (TEXT, {}, {"bare": "full"}),
            (OTHER, {}, {}),
            ("", {"latitude": 45.80, "longitude": 4.83}, {}),  # four kilometres away
            (OTHER, {"latitude": 45.7605, "longitude": 4.8301}, {"bare": "full"}),  # some steps away
            (OTHER, {"latitude": 45.76, "longitude": 4.83}, {}),  # perhaps only the middle of the commune
        ],
    )
    def test_without_an_address_it_is_enough_that_nothing_contradicts(self, text, there, expected):
        door("full", "Le Relais", body=TEXT, where={"latitude": 45.76, "longitude": 4.83})
        door("bare", "Le Relais", "", body=text, where=there)
        assert folded() == expected

    @pytest.mark.parametrize(("text", "expected"), [(TEXT, {"one": "other"}), (OTHER, {})])
    def test_in_one_street_without_a_number_the_words_decide(self, text, expected):
        door("one", "Boîte à lire", "Rue de Merlo", body=TEXT)
        door("other", "Boîte à lire", "4 rue de Merlo", body=text, publics=("familles",))
        assert folded() == expected

    @pytest.mark.parametrize(
        ("who", "text", "expected"),
        [
            ("C.C.A.S. de Lyon", TEXT, {"other": "one"}),
            ("C.C.A.S. de Lyon", "", {"other": "one"}),
            ("C.C.A.S. de Lyon", OTHER, {}),  # another service of the same name
            ("Croix-Rouge", TEXT, {}),  # another organisation in the same house
        ],
    )
    def test_services_are_twins_of_one_organisation_in_the_same_words(self, who, text, expected):
        door("one", "Médiation numérique", kind="service", body=TEXT, extra={"actor": "CCAS de Lyon"})
        door("other", "Médiation numérique", kind="service", body=text, extra={"actor": who})
        assert folded() == expected

    def test_an_organisation_is_no_twin_of_its_service(self):
        door("one", "Épicerie sociale", body=TEXT)
        door("other", "Épicerie sociale", kind="service", body=TEXT)
        assert folded() == {}

    def test_an_example_hides_nothing_real(self):
        door("example", "CCAS de Lyon", example=True)
        door("real", "CCAS de Lyon")
        assert folded() == {}

    def test_what_is_no_door_has_no_twin(self):
        door("one", "CCAS de Lyon", kind="news")
        door("other", "CCAS de Lyon", kind="news")
        assert folded() == {}

    def test_the_site_s_own_record_stands_for_them_then_the_one_that_says_most(self):
        door("long", "CCAS", body=TEXT * 3, summary="Le CCAS", themes=("sante",), origin="Annuaire")
        door("longer", "CCAS", body=TEXT * 4, summary="Le CCAS", themes=("sante",), origin="Carte")
        assert folded() == {"long": "longer"}
        door("own", "CCAS")
        assert folded() == {"long": "own", "longer": "own"}

    def test_a_name_that_too_many_bear_folds_nobody(self, monkeypatch):
        monkeypatch.setattr(folding, "MOST", 3)
        for number in range(3):
            door(f"tap{number}", "Borne fontaine", origin=str(number))
        assert len(folded()) == 2
        door("tap3", "Borne fontaine")
        assert folded() == {}
        assert IndexRow.objects.filter(collection=COLLECTION, words_hash="").count() == 0


# ---- on the site --------------------------------------------------------------------------------------

LYON = {"address": "12 rue de la République", "postcode": "69003", "city": "Lyon"}


def twin(name, **values):
    return organisation(name, **{**LYON, "source_name": "Annuaire", **values})


def titles(text, **values):
    answer = get_engine("database").search(SearchRequest(understand(text), **values))
    rows = dict(IndexRow.objects.values_list("pk", "title"))
    return sorted(rows[hit.id] for hit in answer.hits)


def check():
    out = StringIO()
    try:
        call_command("check_search", stdout=out)
    except SystemExit:
        return out.getvalue()
    return ""


@pytest.mark.django_db
class TestSite:
    @pytest.fixture(autouse=True)
    def home(self):
        HomePageFactory()
        indexing.refresh_stale()

    def test_the_page_and_the_api_name_the_other_records(self, client):
        own, other = twin("CCAS de Lyon", source_name=""), twin("C.C.A.S. LYON")
        html = client.get("/recherche/?q=ccas").content.decode()
        assert "1 réponse pour" in html
        link = f'Fiche semblable\u00a0: <a href="{other.get_absolute_url()}">C.C.A.S. LYON</a>'
        assert link in html
        answer = client.get("/api/v1/search?q=ccas").json()
        assert [(one["title"], one["similar"]) for one in answer["results"]] == [
            ("CCAS de Lyon", [{"title": "C.C.A.S. LYON", "url": other.get_absolute_url()}])
        ]
        assert client.get(other.get_absolute_url()).status_code == 200
        suggested = client.get("/recherche/suggestions?q=ccas").json()
        assert [one["url"] for one in suggested if one["kind"] == "Organisation"] == [own.get_absolute_url()]

    def test_queries_do_not_grow_with_the_twins(self, client, django_assert_max_num_queries):
        for number in range(3):
            twin(f"Relais {number}", source_name="")
        counts = []
        for sources in (0, 1, 3):
            for number in range(3 if sources else 0):
                twin(f"Relais {number}", source_name=f"Annuaire {sources}")
            client.get("/recherche/?q=relais")
            with django_assert_max_num_queries(40) as seen:
                response = client.get("/recherche/?q=relais")
            assert [len(one.similar) for one in response.context["answer"].results] == [min(sources, 2)] * 3
            counts.append(len(seen))
        assert len(set(counts)) == 1

    def test_what_unpublishes_the_head_shows_its_twin(self, client):
        own = twin("CCAS de Lyon", source_name="")
        twin("C.C.A.S. LYON", summary="Domiciliation")
        assert titles("ccas") == ["CCAS de Lyon"]
        with unit_of_work():
            own.unpublish()
        assert (titles("ccas"), titles("domiciliation")) == (["C.C.A.S. LYON"], ["C.C.A.S. LYON"])
        type(own).objects.filter(pk=own.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
        own.refresh_from_db()
        own.expire_at = None
        with unit_of_work():
            own.save_revision().publish()
        assert titles("ccas") == ["CCAS de Lyon"]
        with unit_of_work():
            own.delete()
        assert titles("ccas") == ["C.C.A.S. LYON"]
        assert check() == ""

    def test_a_drop_in_repeated_by_two_sources_is_one_answer(self):
        own, taken = twin("CCAS de Lyon", source_name=""), twin("C.C.A.S. LYON")
        offered("Écrivain public", actor=own, summary=TEXT)
        second = offered("L'écrivain public", actor=taken, summary=TEXT, source_name="Annuaire")
        second.publics.set([public("seniors")])
        second.themes.set([theme("sante")])
        second.save()
        assert titles("ecrivain") == ["Écrivain public"]
        assert titles("", filters={"public": ("seniors",), "theme": ("sante",)}) == ["Écrivain public"]

    def test_a_rebuild_folds_what_was_there_before_folding(self):
        twin("CCAS de Lyon", source_name="")
        twin("C.C.A.S. LYON")
        assert check() == ""
        IndexRow.objects.update(folded_under=None, signature="")
        assert "is not folded as its twins are" in check()
        call_command("rebuild_search", verbosity=0)
        assert (titles("ccas"), check()) == (["CCAS de Lyon"], "")
        IndexRow.objects.update(folded_under=None, signature="", stale=True)  # as the migration leaves them
        while indexing.refresh_stale().rows:
            pass
        assert (titles("ccas"), check()) == (["CCAS de Lyon"], "")

    def test_hours_of_a_folded_record_that_nobody_is_filtered_by_are_no_drift(self):
        twin("CCAS de Lyon", source_name="", opening_hours="Mo 09:00-12:00")
        twin("C.C.A.S. LYON", opening_hours="Tu 09:00-12:00")
        call_command("rebuild_search", verbosity=0)
        assert check() == ""

    def test_lost_hours_that_only_a_folded_record_has_are_noticed_and_brought_back(self):
        twin("CCAS de Lyon", source_name="")
        twin("C.C.A.S. LYON", opening_hours="Tu 09:00-12:00")
        assert check() == ""
        Timetable.objects.all().delete()
        assert "is open at hours that the filter does not know" in check()
        call_command("check_search", repair=True, stdout=StringIO())
        assert list(Timetable.objects.values_list("text", flat=True)) == ["Tu 09:00-12:00"]

    def test_a_new_word_of_the_vocabulary_is_read_in_what_is_folded_too(self, monkeypatch):
        from search import rereading  # the vocabulary is emptied first

        forget_vocabulary()
        twin("CCAS de Lyon", source_name="")
        twin("C.C.A.S. LYON", summary="Des courses à petit prix")
        LexiconEntry.objects.create(
            key="epicerie", kind="concept", says="épicerie sociale", means="courses à petit prix", reads=True
        )
        rereading.mark()
        while indexing.refresh_stale().rows:
            pass
        assert titles("épicerie sociale") == ["CCAS de Lyon"]
        assert check() == ""

    def test_the_page_where_staff_try_a_question_says_which_words_of_the_twin_answer(self):
        from search.explaining import explain

        twin("CCAS de Lyon", source_name="")
        twin("C.C.A.S. LYON", summary="Domiciliation")
        asked = understand("domiciliation")
        (only,) = explain(asked, get_engine("database").search(SearchRequest(asked)).hits, timezone.now())
        assert (only.row.title, only.cover, only.reasons[0].held is not None) == ("CCAS de Lyon", 1.0, True)

    def test_an_evaluation_shows_duplicates(self):
        records = [
            {"id": f"fs:{number}", "kind": "structure", "name": "CCAS", "address": "1 rue Bichat", "postcode": "69003"}
            for number in range(2)
        ]
        evaluation.load(records, COLLECTION)
        judged = evaluation.Judged("Q", "ccas", (), {})
        done = evaluation.run([judged], COLLECTION, "database", lambda *done: None)
        assert done.runs == {"Q": ["fs:0", "fs:1"]}


@pytest.mark.django_db(transaction=True)
def test_of_twins_that_two_write_at_once_one_is_folded():
    def write(number):
        try:
            with unit_of_work():
                for source in range(5):
                    door(f"{number}-{source}", f"Relais {(source + number) % 5}", origin=str(number))
        finally:
            connection.close()

    writers = [Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert IndexRow.objects.visible(COLLECTION).count() == 5
    assert len(folded()) == 10
