"""The four roles. What a role may do on pages is granted section by section (`core.pages.section`).

Groups are made after each migration, not inside one: permissions of the upper rooms exist only then.
"""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction

CONTRIBUTORS = "Contributeurs"
EDITORS = "Éditeurs"
PARTNERS = "Partenaires"
ADMINISTRATORS = "Administrateurs"

# Wagtail asks for the permissions of its own models, whichever ours are.
MEDIA = ("wagtailimages.image", "wagtaildocs.document")
VOCABULARY = ("core.territory", "core.instrument")
DIRECTORY = ("actors.actor", "actors.service")
SEARCH = ("search.lexiconentry", "search.promotedresult")
REGISTER = {("search", "view_question")}
SITE = (
    "core.siteidentity",
    "core.navigation",
    "core.alertbanner",
    "core.emergencynumber",
    "wagtailredirects.redirect",
)


def codenames(models: tuple[str, ...], *actions: str) -> set[tuple[str, str]]:
    """Return (app label, codename) pairs such as ("core", "add_picture")."""
    pairs = (model.split(".") for model in models)
    return {(app, f"{action}_{model}") for app, model in pairs for action in actions}


ENTER = {("wagtailadmin", "access_admin")}
ROLE_PERMISSIONS: dict[str, set[tuple[str, str]]] = {
    # Partners change only their own records: the directory's admin restricts every address to them.
    PARTNERS: ENTER | codenames(("actors.actor",), "change") | codenames(("actors.service",), "add", "change"),
    CONTRIBUTORS: ENTER | codenames(DIRECTORY, "add", "change"),
    EDITORS: ENTER
    | codenames(DIRECTORY, "add", "change", "delete", "publish", "lock", "unlock")
    | codenames(VOCABULARY, "add", "change")
    | codenames(SEARCH, "add", "change", "delete")
    | REGISTER
    | codenames(("core.alertbanner",), "add", "change"),
    ADMINISTRATORS: ENTER
    | codenames(DIRECTORY, "add", "change", "delete", "publish", "lock", "unlock")
    | codenames(VOCABULARY + SEARCH + SITE, "add", "change", "delete")
    | REGISTER
    | codenames(("core.user", "auth.group"), "add", "change", "delete")
    | codenames(("wagtailcore.site", "wagtailcore.collection"), "add", "change", "delete")
    | codenames(("wagtailcore.workflow", "wagtailcore.task"), "add", "change", "delete"),
}
COLLECTION_ACTIONS: dict[str, tuple[str, ...]] = {
    PARTNERS: ("add", "choose"),
    CONTRIBUTORS: ("add", "change", "choose"),
    EDITORS: ("add", "change", "choose"),
    ADMINISTRATORS: ("add", "change", "choose"),
}


@transaction.atomic
def ensure_roles(**kwargs: object) -> None:
    """Make the four groups with their permissions; add what is missing, never take away what a town granted."""
    from wagtail.snippets.models import create_extra_permissions  # Wagtail's models load after this module

    # Django makes an app's permissions in that app's turn, and some of these apps come after the core.
    granted = set().union(*ROLE_PERMISSIONS.values(), codenames(MEDIA, "add"))
    for label in sorted({app for app, _codename in granted}):
        create_permissions(apps.get_app_config(label), verbosity=0)
    # So does Wagtail with those to publish and to lock a snippet.
    create_extra_permissions(apps.get_app_config("wagtailsnippets"))
    known = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name, wanted in ROLE_PERMISSIONS.items():
        group, created = Group.objects.get_or_create(name=name)
        present = set() if created else set(group.permissions.values_list("pk", flat=True))
        missing = [known[pair] for pair in sorted(wanted) if pair in known and known[pair].pk not in present]
        if missing:
            group.permissions.add(*missing)
    ensure_collection_permissions(known)
    ensure_administrators_on_root()


def ensure_collection_permissions(known: dict[tuple[str, str], Permission]) -> None:
    """Let every role use the media library; partners add pictures but change nobody's."""
    from wagtail.models import (
        Collection,
        GroupCollectionPermission,
    )  # Wagtail's models load after this module

    root = Collection.get_first_root_node()
    if root is None:
        return
    for name, actions in COLLECTION_ACTIONS.items():
        group = Group.objects.get(name=name)
        for pair in sorted(codenames(MEDIA, *actions)):
            if pair in known:
                GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=known[pair])


def ensure_administrators_on_root() -> None:
    """Administrators may do everything on the whole tree of pages."""
    from wagtail.models import GroupPagePermission, Page  # Wagtail's models load after this module

    root = Page.objects.filter(depth=1).first()
    page_type = apps.get_model("contenttypes", "ContentType").objects.get_for_model(Page)
    group = Group.objects.get(name=ADMINISTRATORS)
    for action in ("add", "change", "delete", "publish", "lock", "unlock", "bulk_delete"):
        permission = Permission.objects.filter(content_type=page_type, codename=f"{action}_page").first()
        if root and permission:
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
