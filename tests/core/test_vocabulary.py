"""The national vocabulary is loaded from its own package, completely, and kept in line with it."""

import pytest
from data_inclusion.schema.v1 import Categorie, ReseauPorteur, Thematique
from data_inclusion.schema.v1 import Public as PublicEnum
from django.core.exceptions import ValidationError

from core.vocabulary import look
from core.vocabulary.enumerations import FEES, MOBILISATION_MODES
from core.vocabulary.fields import ChoiceListField
from core.vocabulary.loading import ensure_vocabulary
from core.vocabulary.models import Network, Public, Territory, Theme

pytestmark = pytest.mark.django_db


def test_every_category_and_leaf_is_there_with_its_national_label():
    assert Theme.objects.filter(parent=None).count() == 16
    assert Theme.objects.exclude(parent=None).count() == 69
    labels = dict(Theme.objects.values_list("slug", "label"))
    assert labels == {member.value: member.label for member in [*Categorie, *Thematique]}


def test_a_leaf_lies_under_its_category_and_after_it():
    for leaf in Theme.objects.exclude(parent=None).select_related("parent"):
        assert leaf.slug.startswith(f"{leaf.parent.slug}--")
        assert leaf.parent.position < leaf.position < leaf.parent.position + 100


def test_publics_and_networks_are_the_national_ones():
    assert set(Public.objects.values_list("slug", flat=True)) == {member.value for member in PublicEnum}
    assert set(Network.objects.values_list("slug", flat=True)) == {member.value for member in ReseauPorteur}


def test_loading_again_writes_nothing(django_assert_num_queries):
    with django_assert_num_queries(5):  # one read for each table, themes twice and their categories
        ensure_vocabulary()


def test_loading_mends_a_changed_label():
    Theme.objects.filter(slug="mobilite").update(label="Autre chose")
    ensure_vocabulary()
    assert Theme.objects.get(slug="mobilite").label == "Mobilité"


def test_every_category_has_its_own_pictogram_and_tint():
    classes = {look.theme_class(category.value) for category in Categorie}
    assert len(classes) == 16
    assert Theme.objects.get(slug="mobilite--preparer-un-permis").css_class == look.theme_class("mobilite")


def test_a_territory_is_named_by_kind_and_code():
    commune = Territory(kind="commune", code="51454", name="Reims")
    assert (commune.key, str(commune)) == ("commune:51454", "Reims (51)")


def test_choice_list_refuses_what_is_not_in_the_list():
    field = ChoiceListField(choices=MOBILISATION_MODES)
    field.validate(["telephoner", "se-presenter"], None)
    for bad in (["pigeon-voyageur"], "telephoner"):
        with pytest.raises(ValidationError) as caught:
            field.validate(bad, None)
        assert caught.value.code == "invalid_choice"


def test_choice_list_gives_labels_in_the_order_of_the_list():
    assert ChoiceListField(choices=FEES).labels(["payant", "gratuit"]) == ["Gratuit", "Payant"]
