"""What is kept of a question that five visits typed: its need, never whose it is."""

import pytest

from search.scrubbing import scrub
from tests.factories.core import TerritoryFactory
from tests.search.documents import service

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("vestiaire enfant", "vestiaire enfant"),
        ("Vestiaire enfant à Villeurbanne", "Vestiaire enfant à Villeurbanne"),
        ("aide alimentaire 69003", "aide alimentaire 69003"),
        ("fiche PA 2.2.2", "fiche PA 2.2.2"),
        ("logement pour une fille de 14 ans", "logement pour une fille de 14 ans"),
        # What nobody knows yet is what the register is for.
        ("atelier vannerie", "atelier vannerie"),
        ("rdv MDPX", "rdv MDPX"),
        # numbers
        ("rsa 06 12 34 56 78", "rsa …"),
        ("caf +33 6.12.34.56.78 rappel", "caf … rappel"),
        ("allocataire 1234567", "allocataire …"),
        ("né le 12/05/1980 rsa", "né le … rsa"),
        ("dossier 48213 caf", "dossier … caf"),
        # addresses
        ("logement jean.dupont@exemple.fr", "logement …"),
        ("https://exemple.fr/dossier caf", "… caf"),
        ("12 bis rue des Lilas", ""),
        ("logement 12 rue Victor Hugo", "logement …"),
        ("logement avenue Berthelot", "logement …"),
        ("je dors à la rue", "je dors à la rue"),
        # names
        ("madame Dupont logement", "madame … logement"),
        ("logement mme martin", "logement mme …"),
        ("je m'appelle Karim et je cherche un logement", "je m'appelle … et je cherche un logement"),
        ("fatima benali rsa", "… rsa"),
        ("RSA Benali", "RSA …"),
        ("assistante sociale Jeanne Durand", "assistante sociale …"),
        ("JEAN DUPONT LOGEMENT", "… LOGEMENT"),
        ("docteur Lefebvre", ""),
        # a formula of a spreadsheet
        ("=logement", "logement"),
    ],
)
def test_only_the_need_is_kept(typed, kept):
    TerritoryFactory(name="Villeurbanne", code="69266")
    assert scrub(typed) == kept


def test_the_name_of_what_is_published_is_no_secret():
    assert scrub("centre Jean Moulinet") == "centre …"
    service("Centre Jean Moulinet")
    assert scrub("centre Jean Moulinet") == "centre Jean Moulinet"
