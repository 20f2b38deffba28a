"""Who may edit an organisation from outside: partners are invited, reminded and let go here."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from actors.models import Actor
from core.accounts.invitations import awaits_password, invited_user, send_invitation
from core.accounts.models import User
from core.accounts.roles import PARTNERS
from core.pages.settings import SiteIdentity

logger = logging.getLogger(__name__)


class InvitationForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=150)
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        known = User.objects.filter(email__iexact=email).first()
        if known is not None and not known.is_active:
            raise forms.ValidationError(_("This account has been closed: an administrator must open it again first."))
        if known is None and User.objects.filter(username=email).exists():
            raise forms.ValidationError(_("Somebody else signs in under this address."))
        return email


class PartnersView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView):
    """The partners of one organisation: a form to invite, and for each person a reminder or a farewell."""

    model = Actor
    permission_policy: Any = None
    permission_required = "publish"
    index_url_name = ""
    edit_url_name = ""
    template_name = "actors/admin/partners.html"
    page_title = gettext_lazy("Partners")
    header_icon = "user"
    form_class = InvitationForm

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Organisations")},
            {"url": reverse(self.edit_url_name, args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": _("Partners")},
        ]

    @cached_property
    def address(self) -> str:
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        members = self.object.members.order_by("last_name", "first_name", "pk")
        people = [{"user": user, "waiting": awaits_password(user)} for user in members]
        return super().get_context_data(people=people, actor=self.object, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for action in ("remind", "remove"):
            if request.POST.get(action):
                user = get_object_or_404(self.object.members, pk=_number(request.POST[action]))
                getattr(self, action)(user)
                return redirect(self.address)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: InvitationForm) -> HttpResponse:
        words = form.cleaned_data
        user, _created = invited_user(words["email"], words["first_name"], words["last_name"], PARTNERS)
        self.object.members.add(user)
        log(instance=self.object, action="actors.invite")
        self.send(user)
        return redirect(self.address)

    def remind(self, user: User) -> None:
        self.send(user)

    def remove(self, user: User) -> None:
        self.object.members.remove(user)
        log(instance=self.object, action="actors.remove_partner")
        messages.success(self.request, _("%(name)s no longer edits this organisation.") % {"name": user})

    def send(self, user: User) -> None:
        """Send the mail once the change is safe: a slow mail server must not hold the database."""
        site_name = SiteIdentity.for_request(self.request).name
        context = {"actor": str(self.object), "sender": str(self.request.user), "site_name": site_name}
        subject = _("Your page on %(site)s: %(actor)s") % {"site": site_name, "actor": self.object}
        subject = " ".join(subject.split())

        def deliver() -> None:
            try:
                send_invitation(user, "actors/emails/invitation", subject, context)
            except (SMTPException, OSError):
                logger.exception("An invitation could not be sent")
                text = _("The mail did not leave: check the mail server, then use “Send again”.")
                messages.error(self.request, text)
            else:
                messages.success(self.request, _("Invitation sent to %(email)s.") % {"email": user.email})

        transaction.on_commit(deliver)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else 0
