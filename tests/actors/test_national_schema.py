"""Every field of data·inclusion v1 has a place in the directory."""

import pytest
from data_inclusion.schema.v1 import Service as NationalService
from data_inclusion.schema.v1 import Structure as NationalStructure

from actors.models import Actor, Service
from core.vocabulary.models import Network, Public, Theme

STRUCTURE = {
    "source": "source_name",
    "id": "source_id",
    "nom": "name",
    "date_maj": "verified_on",
    "description": "description",
    "lien_source": "source_url",
    "siret": "siret",
    "commune": "city",
    "code_postal": "postcode",
    "code_insee": "commune",
    "adresse": "address",
    "complement_adresse": "address_complement",
    "longitude": "longitude",
    "latitude": "latitude",
    "telephone": "phone",
    "courriel": "email",
    "site_web": "website",
    "horaires_accueil": "opening_hours",
    "accessibilite_lieu": "accessibility_url",
    "reseaux_porteurs": "networks",
}
SERVICE = {
    "source": "source_name",
    "structure_id": "actor",
    "id": "source_id",
    "nom": "name",
    "description": "description",
    "lien_source": "source_url",
    "date_maj": "verified_on",
    "type": "type",
    "thematiques": "themes",
    "frais": "fees",
    "frais_precisions": "fees_precisions",
    "publics": "publics",
    "publics_precisions": "publics_precisions",
    "conditions_acces": "conditions",
    "commune": "city",
    "code_postal": "postcode",
    "code_insee": "commune",
    "adresse": "address",
    "complement_adresse": "address_complement",
    "longitude": "longitude",
    "latitude": "latitude",
    "telephone": "phone",
    "courriel": "email",
    "modes_accueil": "reception",
    "zone_eligibilite": "eligibility_zones",  # and `nationwide` for "france"
    "contact_nom_prenom": "contact_name",
    "lien_mobilisation": "mobilisation_url",
    "modes_mobilisation": "mobilisation_modes",
    "mobilisable_par": "mobilised_by",
    "mobilisation_precisions": "mobilisation_precisions",
    "volume_horaire_hebdomadaire": "weekly_hours",
    "nombre_semaines": "weeks",
    "horaires_accueil": "opening_hours",
}


@pytest.mark.parametrize(
    ("national", "ours", "places"), [(NationalStructure, Actor, STRUCTURE), (NationalService, Service, SERVICE)]
)
def test_every_national_field_has_a_place(national, ours, places):
    assert set(national.model_fields) == set(places)
    assert {ours._meta.get_field(name).name for name in places.values()} == set(places.values())


@pytest.mark.django_db
def test_the_national_lists_are_all_there():
    assert Theme.objects.filter(parent=None).count() == 16
    assert Theme.objects.exclude(parent=None).count() == 69
    assert Public.objects.count() == 14
    assert Network.objects.filter(slug__in=["ccas-cias", "caf", "fcsf"]).count() == 3
