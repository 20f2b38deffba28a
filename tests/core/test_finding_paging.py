"""What a list may be asked, and how it is cut."""

import pytest
from django.test import RequestFactory

from core.finding.paging import (
    ListingForm,
    PageParams,
    TextParam,
    no_parameters,
    page_of,
    page_of_cut,
    paged,
)


class Params(PageParams):
    q: str = ""
    theme: list[str] = []


class Form(ListingForm):
    q = TextParam()


def call(query=""):
    """The view's own answer, as the site would give it."""
    request = RequestFactory().get(f"/numbers?{query}")
    params = Params.model_validate(request.GET.dict(), context={"request": request})
    return paged(request, list(range(45)), params.page, params.page_size, lambda number: number)


def test_the_first_page():
    assert call() == {
        "count": 45,
        "next": "http://testserver/numbers?page=2",
        "previous": None,
        "results": list(range(20)),
    }


def test_the_last_page_keeps_the_other_parameters():
    answer = call("q=a&page=5&page_size=10")
    assert answer["results"] == [40, 41, 42, 43, 44]
    assert answer["next"] is None
    assert answer["previous"] == "http://testserver/numbers?q=a&page=4&page_size=10"


def test_past_the_end_there_is_nothing_and_a_way_back():
    answer = call("page=99")
    assert (answer["results"], answer["next"]) == ([], None)
    assert answer["previous"] == "http://testserver/numbers?page=3"


@pytest.mark.parametrize(
    "query",
    [
        "foo=1",
        "q=%00",
        "q=" + "x" * 513,
        "page=0",
        "page=-1",
        "page=x",
        "page=1" + "0" * 30,
        "page_size=101",
        "page=1000&page_size=100",
    ],
)
def test_what_makes_no_sense_is_refused(query):
    with pytest.raises(ValueError, match="validation error"):
        call(query)


def test_a_form_refuses_the_same():
    for query in ({"q": "a\x00"}, {"q": "x" * 513}, {"page": "0"}, {"page": "501"}, {"page": "1" + "0" * 30}):
        assert not Form(query).is_valid(), query
    form = Form({})
    assert form.is_valid()
    assert form.cleaned_data == {"page": 1, "q": ""}


def test_a_page_for_templates():
    page = page_of(list(range(45)), 99, 20)
    assert (page.number, list(page)) == (3, [40, 41, 42, 43, 44])


def test_a_page_that_an_engine_cut():
    page = page_of_cut([7, 8], 2, 20, 45)
    assert (page.number, list(page), page.paginator.num_pages, page.has_next()) == (2, [7, 8], 3, True)
    assert page_of_cut([], 500, 20, 1_000_000).paginator.num_pages == 500


def test_a_view_without_parameters_says_so():
    request = RequestFactory().get("/one/x?y=1")
    refused = no_parameters(lambda request, slug: {"slug": slug})(request, slug="x")
    assert refused.status_code == 422
    assert no_parameters(lambda request: "ok")(RequestFactory().get("/")) == "ok"
