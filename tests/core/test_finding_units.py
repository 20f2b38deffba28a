"""Units of work: what is touched is flushed once, inside the transaction, or not at all."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from core.finding import units
from core.finding.units import UnitOfWorkMiddleware, current, touch, unit_of_work
from core.vocabulary.models import Instrument

pytestmark = pytest.mark.django_db


@pytest.fixture
def flushed(monkeypatch):
    """What a flusher of our own was given, call by call."""
    calls: list[list[tuple[str, object, bool]]] = []
    monkeypatch.setattr(units, "_flushers", [])
    units.register_flusher(lambda touched: calls.append([(t.model.__name__, t.pk, t.tree) for t in touched]))
    return calls


def word(pk: int) -> Instrument:
    return Instrument(pk=pk, slug=f"i{pk}", label="Convention")


def write_and_fail(thing: Instrument) -> None:
    thing.save()
    touch(thing)
    raise ValueError("no")


def test_each_thing_is_flushed_once_in_order(flushed):
    with unit_of_work():
        touch(word(2))
        touch(word(1))
        touch(word(2))
    assert flushed == [[("Instrument", 2, False), ("Instrument", 1, False)]]


def test_a_tree_stays_a_tree(flushed):
    with unit_of_work() as unit:
        unit.touch(word(1), tree=True)
        unit.touch(word(1))
    assert flushed == [[("Instrument", 1, True)]]


def test_an_inner_unit_joins_the_outer_one(flushed):
    with unit_of_work() as outer:
        with unit_of_work() as inner:
            assert inner is outer
            touch(word(1))
        assert flushed == []
    assert len(flushed) == 1
    assert current() is None


def test_without_a_unit_a_touch_is_one(flushed):
    touch(word(1))
    assert flushed == [[("Instrument", 1, False)]]


def test_nothing_touched_flushes_nothing(flushed):
    with unit_of_work():
        touch(Instrument())
    assert flushed == []


def test_a_failed_unit_flushes_nothing_and_writes_nothing(flushed):
    with pytest.raises(ValueError, match="no"), unit_of_work():
        write_and_fail(word(1))
    assert flushed == []
    assert not Instrument.objects.filter(pk=1).exists()
    assert current() is None


def test_a_failed_inner_unit_leaves_the_outer_one_whole(flushed):
    with unit_of_work():
        word(1).save()
        with pytest.raises(ValueError, match="no"), unit_of_work():
            write_and_fail(word(2))
    assert list(Instrument.objects.filter(pk__in=[1, 2]).values_list("pk", flat=True)) == [1]


def test_what_a_flusher_touches_is_flushed_in_the_next_round(monkeypatch):
    rounds = []

    def flusher(touched):
        rounds.append([t.pk for t in touched])
        if rounds == [[1]]:
            touch(word(2))

    monkeypatch.setattr(units, "_flushers", [flusher])
    with unit_of_work():
        touch(word(1))
    assert rounds == [[1], [2]]


def test_a_flusher_that_never_ends_is_an_error(monkeypatch):
    monkeypatch.setattr(units, "_flushers", [lambda touched: touch(word(1))])
    with pytest.raises(RuntimeError, match="keeps touching"), unit_of_work():
        touch(word(1))


# ---- the middleware ------------------------------------------------------------------------------


def ask(view, method="post", **values):
    return UnitOfWorkMiddleware(view)(getattr(RequestFactory(), method)("/", **values))


def test_safe_methods_open_no_unit():
    def view(request):
        assert current() is None
        return HttpResponse()

    assert [ask(view, method).status_code for method in ("get", "head", "options", "trace")] == [200] * 4


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_do(method, flushed):
    def view(request):
        touch(word(1))
        assert flushed == []
        return HttpResponse()

    ask(view, method)
    assert flushed == [[("Instrument", 1, False)]]


@pytest.mark.parametrize(("status", "kept"), [(200, True), (302, True), (400, True), (500, False), (503, False)])
def test_a_server_s_error_rolls_back(status, kept, flushed):
    def view(request):
        word(1).save()
        touch(word(1))
        return HttpResponse(status=status)

    ask(view)
    assert Instrument.objects.filter(pk=1).exists() is kept
    assert bool(flushed) is kept


def test_an_exception_that_became_an_answer_rolls_back(flushed):
    def view(request):
        word(1).save()
        middleware.process_exception(request, PermissionError())
        return HttpResponse(status=403)

    middleware = UnitOfWorkMiddleware(view)
    assert middleware(RequestFactory().post("/")).status_code == 403
    assert not Instrument.objects.filter(pk=1).exists()
    assert flushed == []


def test_a_view_s_own_transaction_is_a_savepoint(flushed):
    def view(request):
        word(1).save()
        with pytest.raises(ValueError, match="no"), transaction.atomic():
            write_and_fail(word(2))
        return HttpResponse()

    ask(view)
    assert list(Instrument.objects.filter(pk__in=[1, 2]).values_list("pk", flat=True)) == [1]


def test_the_body_is_read_before_the_transaction_begins(monkeypatch):
    order = []

    class Slow(io.BytesIO):
        def read(self, *args):
            order.append("read")
            return super().read(*args)

    real = units.unit_of_work

    def noted(*args, **kwargs):
        order.append("unit")
        return real(*args, **kwargs)

    monkeypatch.setattr(units, "unit_of_work", noted)
    request = RequestFactory().generic("POST", "/", b"x", content_type="application/json")
    request._stream = Slow(b"x")
    request._read_started = False
    UnitOfWorkMiddleware(lambda request: HttpResponse())(request)
    assert order[0] == "read"
    assert order[-1] == "unit"


def test_a_form_s_files_can_still_be_read():
    def view(request):
        return HttpResponse(request.POST["name"] + request.FILES["file"].read().decode())

    answer = ask(view, data={"name": "a", "file": SimpleUploadedFile("f.txt", b"b")})
    assert answer.content == b"ab"


def test_json_can_still_be_read():
    answer = ask(lambda request: HttpResponse(request.body), data={"a": 1}, content_type="application/json")
    assert answer.content == b'{"a": 1}'


def test_a_visitor_who_goes_away_is_not_an_error_of_ours():
    request = RequestFactory().generic("POST", "/", b"x", content_type="application/json")

    class Gone(io.BytesIO):
        def read(self, *args):
            raise OSError

    request._stream = Gone(b"x")
    request._read_started = False
    assert UnitOfWorkMiddleware(lambda request: HttpResponse())(request).status_code == 400
