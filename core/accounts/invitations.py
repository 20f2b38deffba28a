"""Inviting somebody who will sign in: an account without password and a mail with a link to choose one.

The link is Django's password-reset token: it works once and for `PASSWORD_RESET_TIMEOUT` (three days).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from core.accounts.models import User

DAYS = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)


def invited_user(email: str, first_name: str, last_name: str, role: str) -> tuple[User, bool]:
    """Return the account of this address, made if there is none, with the role added; and whether it is new.

    An account that exists keeps its name and password.
    """
    user = User.objects.filter(email__iexact=email).first()
    created = user is None
    if user is None:
        user = User(username=email.lower(), email=email.lower(), first_name=first_name, last_name=last_name)
        user.set_unusable_password()
        user.save()
    user.groups.add(Group.objects.get(name=role))
    return user, created


def awaits_password(user: User) -> bool:
    """Tell whether somebody was invited and has not chosen a password yet."""
    return user.is_active and not user.has_usable_password()


def password_link(user: User) -> str:
    """Return the full address where this person chooses a password, once."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("wagtailadmin_password_reset_confirm", args=[key, default_token_generator.make_token(user)])
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def send_invitation(user: User, template: str, subject: str, context: dict[str, Any]) -> None:
    """Send the mail `templates/<template>.txt` and `.html`, with the link for whoever has no password yet.

    Raises what the mail server raises: whoever invites must know that nothing left.
    """
    if awaits_password(user):
        action = {"action_url": password_link(user), "action_label": _("Choose my password"), "days": DAYS}
    else:
        home = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("wagtailadmin_home")
        action = {"action_url": home, "action_label": _("Sign in")}
    words = {"user": user, "subject": subject, "title": subject, **action, **context}
    message = EmailMultiAlternatives(
        subject=subject, body=render_to_string(f"{template}.txt", words).strip() + "\n", to=[user.email]
    )
    message.attach_alternative(render_to_string(f"{template}.html", words), "text/html")
    message.send()
