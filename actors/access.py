"""Who may see and change which record in the admin.

Wagtail's snippet views ask for a permission on the model, never on the record. A partner may change organisations
and services, but only its own: each model says by `owners` whose its records are. `DirectoryPolicy` answers for one
record, `for_own_records` closes every address that names one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.permission_policies import ModelPermissionPolicy

from core.accounts.roles import PARTNERS


def oversees_directory(user: Any) -> bool:
    """Tell whether somebody works on the whole directory: by a right that does not come from being a partner."""
    if user.is_superuser:
        return True
    if not hasattr(user, "_oversees_directory"):
        permissions = Permission.objects.filter(content_type__app_label="actors", codename="change_actor")
        elsewhere = Q(user=user) | Q(group__in=user.groups.exclude(name=PARTNERS))
        user._oversees_directory = permissions.filter(elsewhere).exists()
    return user._oversees_directory


def is_only_partner(user: Any) -> bool:
    """Tell whether somebody has no other role than partner."""
    if user.is_superuser:
        return False
    if not hasattr(user, "_is_only_partner"):
        user._is_only_partner = set(user.groups.values_list("name", flat=True)) == {PARTNERS}
    return user._is_only_partner


def own(model: type[Any], user: Any) -> Any:
    """Return the records that somebody may work on."""
    rows = model._default_manager.all()
    if oversees_directory(user):
        return rows
    # A subquery and not a join: the admin's search filters by `id` only, and no row comes twice.
    mine = model._default_manager.filter(**{model.owners: user}).values("pk")
    return rows.filter(pk__in=mine)


def choosable(model: type[Any], user: Any) -> Any:
    """Return the records that somebody may refer to: their own, and whatever the public sees."""
    if oversees_directory(user):
        return model._default_manager.all()
    mine = model._default_manager.filter(**{model.owners: user}).values("pk")
    public = model._default_manager.published().values("pk")
    return model._default_manager.filter(Q(pk__in=mine) | Q(pk__in=public))


def may_work_on(user: Any, record: models.Model) -> bool:
    """Tell whether a record is somebody's to see and change in the admin."""
    return oversees_directory(user) or own(type(record), user).filter(pk=record.pk).exists()


class DirectoryPolicy(ModelPermissionPolicy):
    """Permissions of the model, narrowed to a partner's own records wherever one record is concerned."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if not self.user_has_permission(user, action):
            return False
        return instance.pk is None or may_work_on(user, instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> models.QuerySet:
        rows = super().instances_user_has_any_permission_for(user, actions)
        return rows if oversees_directory(user) else rows.filter(pk__in=own(self.model, user).values("pk"))


def for_own_records(model: type[Any], view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 to whoever asks an admin view for a record that is not theirs, as if it did not exist."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "pk" in kwargs:
            key = unquote(str(kwargs["pk"]))
            if not key.isdigit():
                raise Http404
            get_object_or_404(own(model, request.user), pk=int(key))
        return view(request, *args, **kwargs)

    return checked
