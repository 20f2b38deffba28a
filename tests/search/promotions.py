"""Results that the team puts first, and the page on which they come first."""

from search.models import IndexRow, PromotedResult
from tests.search.visits import NOON

TODAY = NOON.date()


def row_of(thing):
    return IndexRow.objects.get(source="actors.service", object_id=str(thing.pk))


def promote(thing, says="colis", **values):
    return PromotedResult.objects.create(
        says=says, row=row_of(thing), **{"starts_on": TODAY, "ends_on": TODAY, **values}
    )


def search(client, q="colis", **query):
    return client.get("/recherche/", {"q": q, **query})


def shown(response):
    return [(result.title, result.promoted) for result in response.context["answer"].results]


def titles(response):
    return [title for title, _promoted in shown(response)]


def count(response):
    return response.context["answer"].count


def kinds(response):
    groups = {group["name"]: group["options"] for group in response.context["groups"]}
    return {option["value"]: option["count"] for option in groups["kind"]}
