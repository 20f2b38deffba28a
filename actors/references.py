"""What somebody who does not oversee the directory may refer to in their own record.

Choosers offer a partner what the public sees and what is theirs, but a form takes whatever key is sent to it, and
shows the name of what it stands for. Here the keys are read before the form does: those that are refused are taken
out, so that the field is in error and nothing of the hidden thing comes back. What the record refers to already
stays: staff put it there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from wagtail.blocks import BlockField
from wagtail.fields import RichTextField
from wagtail.models import Collection, CollectionMember, CollectionViewRestriction, Page
from wagtail.rich_text import RichText, extract_references_from_rich_text

from actors.access import choosable, is_only_partner
from core.finding.published import PublishedQuerySet

Reference = tuple[type[models.Model], str]
KEY = re.compile(r"\d{1,18}", re.ASCII)  # what a column of keys holds
LINK = re.compile(r"""<(?:a|embed)\b[^>]*?\bid=["']?(\d+)[^>]*>""")


def referable(model: type[models.Model], user: Any) -> models.QuerySet:
    """Return what a partner may refer to: what anyone may see, and their own."""
    if hasattr(model, "owners"):
        return choosable(model, user)
    if issubclass(model, Page):
        return PublishedQuerySet(model).published()
    if issubclass(model, CollectionMember):
        return public_media(model._default_manager.all(), user)
    return model._default_manager.all()


def public_media(rows: models.QuerySet, user: Any) -> models.QuerySet:
    """Leave out pictures or documents of private collections, save those that the person sent."""
    below = Q(pk__in=[])
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        below |= Q(path__startswith=path)
    private = list(Collection.objects.filter(below).values_list("pk", flat=True))
    return rows.filter(~Q(collection__in=private) | Q(uploaded_by_user=user))


def offered(rows: models.QuerySet, request: HttpRequest) -> models.QuerySet:
    """Keep, in a chooser of pages, pictures or documents, what a partner may refer to."""
    if not is_only_partner(request.user):
        return rows
    if issubclass(rows.model, Page):
        # By key: the chooser's search filters by indexed fields only.
        return rows.filter(id__in=referable(Page, request.user).values("pk"))
    return public_media(rows, request.user)


def guard(form: Any, user: Any) -> set[str]:
    """Have a form's widgets take out what the person may not refer to; return the names of the fields, as they do.

    The set fills up while the form is validated. A form has its own copies of the widgets: no other form changes.
    """
    refused: set[str] = set()
    for name, field in form.fields.items():
        found, taken_out = reading_of(form, name, field)
        if found is None:
            continue
        kept = set(found(getattr(form.instance, field_attribute(form, name), None)))
        read = field.widget.value_from_datadict

        def guarded(
            *args: Any, name: str = name, read: Any = read, found: Any = found, out: Any = taken_out, kept: Any = kept
        ) -> Any:
            value = read(*args)
            hidden = hidden_among(set(found(value)) - kept, user)
            if not hidden:
                return value
            refused.add(name)
            return out(value, hidden)

        field.widget.value_from_datadict = guarded
    return refused


def field_attribute(form: Any, name: str) -> str:
    return form._meta.model._meta.get_field(name).attname


def reading_of(
    form: Any, name: str, field: forms.Field
) -> tuple[Callable[[Any], Iterable[Reference]] | None, Callable[[Any, set[Reference]], Any]]:
    """Return how the references of a field's value are read, and how some are taken out; None if it has none."""
    if isinstance(field, BlockField):
        block = field.block
        return (
            lambda value: references(block.extract_references(value)) if value else (),
            lambda value, hidden: emptied(block, value, hidden),
        )
    if isinstance(field, forms.ModelChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
        model = form._meta.model._meta.get_field(name).related_model
        return lambda value: [(model, str(value))] if value else [], lambda value, hidden: None
    if isinstance(form._meta.model._meta.get_field(name), RichTextField):
        return lambda value: references(extract_references_from_rich_text(value or "")), without_links
    return None, lambda value, hidden: value


def references(found: Iterable[tuple[type[models.Model], str, str, str]]) -> list[Reference]:
    return [(model, str(key)) for model, key, _model_path, _content_path in found]


def hidden_among(found: set[Reference], user: Any) -> set[Reference]:
    """Return those of the references that lead to what the person may not see, or to nothing."""
    hidden = set(found)
    for model in {model for model, _key in found}:
        keys = {key for of, key in found if of is model}
        seen = referable(model, user).filter(pk__in=[key for key in keys if KEY.fullmatch(key)])
        hidden -= {(model, str(key)) for key in seen.values_list("pk", flat=True)}
    return hidden


def emptied(block: Any, value: Any, hidden: set[Reference]) -> Any:
    """Return a block's value without what it may not refer to."""
    if isinstance(value, models.Model):
        return None if set(references(block.extract_references(value))) & hidden else value
    if isinstance(value, RichText):
        return RichText(without_links(value.source, hidden))
    if hasattr(block, "child_blocks"):
        if hasattr(value, "keys"):
            for name, child in block.child_blocks.items():
                value[name] = emptied(child, value.get(name), hidden)
        else:
            for bound in value:
                bound.value = emptied(bound.block, bound.value, hidden)
    elif hasattr(block, "child_block"):
        for bound in value.bound_blocks:
            bound.value = emptied(bound.block, bound.value, hidden)
    return value


def without_links(html: str, hidden: set[Reference]) -> str:
    """Return rich text whose links to what is hidden lead nowhere; their words stay."""
    keys = {key for _model, key in hidden}
    return LINK.sub(lambda tag: "<a>" if tag[1] in keys else tag[0], html)
