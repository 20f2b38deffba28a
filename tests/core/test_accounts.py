"""The four roles exist, may do what they should, and keep what a town changed."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError
from wagtail.models import GroupPagePermission, Page

from core.accounts.models import User
from core.accounts.roles import (
    ADMINISTRATORS,
    CONTRIBUTORS,
    EDITORS,
    PARTNERS,
    ensure_roles,
)

pytestmark = pytest.mark.django_db


def granted(name):
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_wagtails_own_groups_have_given_way():
    assert set(Group.objects.values_list("name", flat=True)) == {
        ADMINISTRATORS,
        CONTRIBUTORS,
        EDITORS,
        PARTNERS,
    }


def test_a_partner_changes_the_directory_and_publishes_nothing():
    assert granted(PARTNERS) == {"access_admin", "change_actor", "add_service", "change_service"}


def test_the_rights_to_publish_and_lock_are_there_from_the_first_migration():
    snippets = Permission.objects.filter(content_type__app_label="actors", codename__regex="^(publish|lock|unlock)_")
    assert snippets.count() == 6
    snippets.delete()
    ensure_roles()
    assert {"publish_actor", "lock_service", "unlock_actor"} <= granted(EDITORS) & granted(ADMINISTRATORS)


def test_an_editor_publishes_in_the_directory_but_manages_nobody():
    editor = granted(EDITORS)
    assert {"publish_actor", "publish_service"} <= editor
    assert not editor & {"add_user", "change_user", "change_group"}


def test_only_administrators_manage_people():
    assert {"add_user", "change_user", "delete_user", "change_group"} <= granted(ADMINISTRATORS)


def test_administrators_hold_every_permission_on_the_root_of_the_tree():
    root = Page.objects.get(depth=1)
    held = GroupPagePermission.objects.filter(group__name=ADMINISTRATORS, page=root)
    assert set(held.values_list("permission__codename", flat=True)) == {
        "add_page",
        "change_page",
        "delete_page",
        "publish_page",
        "lock_page",
        "unlock_page",
        "bulk_delete_page",
    }


def test_what_a_town_granted_beyond_is_kept():
    partners = Group.objects.get(name=PARTNERS)
    partners.permissions.add(Permission.objects.get(codename="add_actor"))
    ensure_roles()
    assert "add_actor" in granted(PARTNERS)


def test_two_people_never_share_an_address():
    User.objects.create_user("lea", "lea@ville.example", "x")
    with pytest.raises(IntegrityError):
        User.objects.create_user("leo", "lea@ville.example", "x")


def test_a_user_reads_as_their_name():
    assert str(User(username="lea", first_name="Léa", last_name="Roche")) == "Léa Roche"
    assert str(User(username="lea")) == "lea"


def test_everyone_who_writes_may_use_the_media_library():
    from wagtail.documents.permissions import permission_policy as documents
    from wagtail.images.permissions import permission_policy as images

    for name in (CONTRIBUTORS, EDITORS, PARTNERS, ADMINISTRATORS):
        user = User.objects.create_user(f"user-{name}", f"{name}@ville.example", "x")
        user.groups.add(Group.objects.get(name=name))
        for policy in (images, documents):
            assert policy.user_has_permission(user, "add")
            assert policy.user_has_permission(user, "choose")
