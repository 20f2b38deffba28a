"""Everything that an organisation takes part in: the published pages that refer to it, and as what.

Pages live in upper rooms: Wagtail's reference index knows which of them name an organisation, and each page says
what the organisation does there (`involvement_of`). The number of queries depends on the number of page types only.
"""

from __future__ import annotations

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import prefetch_related_objects
from django.utils.text import capfirst
from wagtail.models import Page, ReferenceIndex

from actors.models import Actor
from actors.presentation import Involvement
from core.finding.published import PublishedQuerySet

MOST = 200  # pages of one organisation


def involvement_of(actor: Actor) -> list[Involvement]:
    """Return the pages that refer to an organisation and say what it does there, the latest first."""
    pages = public_pages_about(actor)
    by_type: defaultdict[type, list[Page]] = defaultdict(list)
    for page in pages:
        by_type[type(page)].append(page)
    for model, same in by_type.items():
        relations = getattr(model, "involvement_relations", ())
        if relations:
            prefetch_related_objects(same, *relations)
    found = []
    for page in pages:
        role = page.involvement_of(actor) if hasattr(page, "involvement_of") else ""
        url = page.get_url()
        if role and url:
            found.append(
                Involvement(
                    title=page.title,
                    url=url,
                    kind=capfirst(str(page._meta.verbose_name)),
                    role=capfirst(str(role)),
                    code=getattr(page, "code", ""),
                    example=getattr(page, "example", False),
                )
            )
    return found


def public_pages_about(actor: Actor) -> list[Page]:
    """Return the pages that anyone may read now and that refer to the organisation, as their own types."""
    page_type = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.get_references_to(actor).filter(base_content_type=page_type)
    keys = {int(key) for key in references.values_list("object_id", flat=True).distinct()}
    if not keys:
        return []
    pages = PublishedQuerySet(Page).filter(pk__in=keys).published().order_by("-first_published_at", "-pk")
    return list(pages.specific()[:MOST])
