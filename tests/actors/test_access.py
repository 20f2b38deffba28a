"""A partner sees and changes its own records only: every address of the admin is tried on somebody else's."""

import csv
import re

import pytest
from django.core import mail
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.log_actions import log
from wagtail.models import TaskState, Workflow, WorkflowState

from actors.models import Actor, DirectoryLogEntry, Service
from core.accounts.roles import ADMINISTRATORS, CONTRIBUTORS, EDITORS, PARTNERS
from tests.factories.actors import ActorFactory, ServiceFactory, commune
from tests.factories.core import AdministratorFactory, InstrumentFactory, UserFactory

pytestmark = pytest.mark.django_db
MODELS = [Actor, Service]
STREAMS = {"body-count": "0", "steps-count": "0"}
SECRET = "Confidentielle"


@pytest.fixture
def partner():
    return UserFactory(groups=[PARTNERS])


@pytest.fixture
def mine(partner):
    return in_moderation(ServiceFactory(name="La mienne", actor=ActorFactory(name="À moi", members=[partner])))


@pytest.fixture
def other():
    """Somebody else's service and organisation: drafts, with a revision and in moderation."""
    actor = ActorFactory(name=f"{SECRET} organisation", live=False, members=[UserFactory(groups=[PARTNERS])])
    return in_moderation(ServiceFactory(name=f"{SECRET} offre", actor=actor, live=False))


@pytest.fixture
def signed_in(client, partner):
    client.force_login(partner)
    return client


def in_moderation(service):
    for record in (service.actor, service):
        record.save_revision()
        record.get_workflow().start(record, UserFactory())
        log(instance=record, action="wagtail.edit")
    return service


def record_of(model, service):
    return model.objects.get(pk=service.actor_id if model is Actor else service.pk)


def addresses(model, record, donor=None):
    """Yield every admin address of the model: name, address and whether it names a record.

    `donor` gives the keys of revisions and of moderation, to be tried on another record.
    """
    donor = donor or record
    state, task = donor.current_workflow_state, donor.current_workflow_task_state
    values = {
        "pk": record.pk,
        "revision_id": donor.latest_revision_id,
        "revision_id_a": donor.latest_revision_id,
        "revision_id_b": "latest",
        "action_name": "approve",
        "task_state_id": task.pk,
        "workflow_state_id": state.pk,
        "task_id": task.task_id,
    }
    viewset = model.snippet_viewset
    for pattern in viewset.get_urlpatterns():
        names = list(pattern.pattern.converters) or list(re.compile(str(pattern.pattern)).groupindex)
        address = reverse(viewset.get_url_name(pattern.name), kwargs={name: values[name] for name in names})
        yield pattern.name, address, "pk" in names


def picture(record):
    """Everything that a request could have changed."""
    fresh = type(record).objects.get(pk=record.pk)
    return (
        fresh.serializable_data(),
        fresh.live,
        fresh.locked,
        fresh.revisions.count(),
        fresh.latest_revision_id,
        list(WorkflowState.objects.for_instance(fresh).values_list("pk", "status")),
        list(TaskState.objects.filter(workflow_state__object_id=str(fresh.pk)).values_list("pk", "status")),
    )


# --- every address


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_opens_somebody_elses_record(signed_in, mine, other, model, method):
    record = record_of(model, other)
    before = picture(record)
    tried = {}
    for name, address, names_a_record in addresses(model, record):
        if not names_a_record:
            continue
        data = {**STREAMS, "name": "Volé", "action-publish": "1", "next": "/admin/"} if method == "post" else {}
        answer = getattr(signed_in, method)(address, data)
        assert SECRET not in answer.content.decode(), name
        tried[name] = answer.status_code
    assert set(tried.values()) == {404}
    assert len(tried) >= 20
    assert picture(record) == before


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_of_ones_own_record_opens_another_by_its_history(signed_in, mine, other, model, method):
    own, foreign = record_of(model, mine), record_of(model, other)
    before = picture(foreign)
    for name, address, _names_a_record in addresses(model, own, donor=foreign):
        if any(part in name for part in ("revisions", "workflow")):
            answer = getattr(signed_in, method)(address, STREAMS if method == "post" else {}, follow=True)
            assert SECRET not in answer.content.decode(), name
    assert picture(foreign) == before


@pytest.mark.parametrize("model", MODELS)
def test_ones_own_record_opens(signed_in, mine, model):
    opened = {name: signed_in.get(address).status_code for name, address, _ in addresses(model, record_of(model, mine))}
    assert {name for name, status in opened.items() if status == 200} >= {
        "list",
        "list_results",
        "edit",
        "usage",
        "history",
        "history_results",
        "inspect",
        "preview_on_edit",
        "revisions_view",
        "revisions_revert",
        "revisions_compare",
        "workflow_history",
        "workflow_history_detail",
        "confirm_workflow_cancellation",
    }
    # What needs the right to publish, delete or lock leads back to the dashboard.
    for name in ("delete", "unpublish", "lock", "unlock", "revisions_unschedule"):
        assert opened[name] == 302


@pytest.mark.parametrize("role", [CONTRIBUTORS, EDITORS, ADMINISTRATORS])
@pytest.mark.parametrize("model", MODELS)
def test_staff_open_everybodys_records(client, other, role, model):
    client.force_login(UserFactory(groups=[role]))
    viewset = model.snippet_viewset
    record = record_of(model, other)
    assert client.get(reverse(viewset.get_url_name("edit"), args=[record.pk])).status_code == 200
    assert SECRET in client.get(reverse(viewset.get_url_name("list"))).content.decode()


def test_a_partner_who_is_also_staff_sees_everything(client, other):
    client.force_login(UserFactory(groups=[PARTNERS, CONTRIBUTORS]))
    assert SECRET in client.get(reverse(Actor.snippet_viewset.get_url_name("list"))).content.decode()


def test_a_town_may_let_partners_add_organisations_without_opening_the_others(signed_in, partner, other):
    from django.contrib.auth.models import Group, Permission

    Group.objects.get(name=PARTNERS).permissions.add(Permission.objects.get(codename="add_actor"))
    edit = reverse(Actor.snippet_viewset.get_url_name("edit"), args=[other.actor_id])
    assert signed_in.get(edit).status_code == 404


def test_without_an_organisation_a_partner_sees_nothing(signed_in, other):
    for model in MODELS:
        page = signed_in.get(reverse(model.snippet_viewset.get_url_name("list")))
        assert page.status_code == 200
        assert SECRET not in page.content.decode()


def test_a_key_that_is_no_number_is_not_found(signed_in, mine):
    assert signed_in.get(f"{reverse(Actor.snippet_viewset.get_url_name('list'))}edit/abc/").status_code == 404


# --- lists, exports, choosers, bulk actions, reports


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("query", ["", "?q=Confidentielle", "?ordering=-name", "?q=%22"])
def test_lists_hold_ones_own_only(signed_in, mine, other, model, query):
    for name in ("list", "list_results"):
        page = signed_in.get(reverse(model.snippet_viewset.get_url_name(name)) + query)
        assert page.status_code == 200
        # The search box repeats the question.
        assert f"{SECRET} o" not in page.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_exports_hold_ones_own_only(signed_in, mine, other, model):
    answer = signed_in.get(reverse(model.snippet_viewset.get_url_name("list")) + "?export=csv")
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode().splitlines()))
    assert len(rows) == 1
    assert SECRET not in str(rows)
    sheet = signed_in.get(reverse(model.snippet_viewset.get_url_name("list")) + "?export=xlsx")
    assert sheet.status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_choosers_offer_ones_own_and_what_is_public(signed_in, mine, other, model):
    ServiceFactory(name="Publique offre", actor=ActorFactory(name="Publique organisation"))
    chooser = model.snippet_viewset.chooser_viewset
    for name in ("choose", "choose_results"):
        for query in ("", "?q=o"):
            page = signed_in.get(reverse(chooser.get_url_name(name)) + query).content.decode()
            assert SECRET not in page
    page = signed_in.get(reverse(chooser.get_url_name("choose_results"))).content.decode()
    assert "Publique o" in page
    hidden = record_of(model, other)
    assert signed_in.get(reverse(chooser.get_url_name("chosen"), args=[hidden.pk])).status_code == 404
    assert signed_in.get(reverse(chooser.get_url_name("chosen"), args=["x"])).status_code == 404
    several = signed_in.get(reverse(chooser.get_url_name("chosen_multiple")) + f"?id={hidden.pk}&id=x")
    assert SECRET not in several.content.decode()
    own = record_of(model, mine)
    assert str(own) in signed_in.get(reverse(chooser.get_url_name("chosen"), args=[own.pk])).json()["result"]["string"]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("ids", ["one", "all"])
def test_bulk_deletion_deletes_and_names_nothing(signed_in, mine, other, model, ids):
    record = record_of(model, other)
    address = reverse("wagtail_bulk_action", args=["actors", model._meta.model_name, "delete"])
    query = f"?id={record.pk if ids == 'one' else 'all'}&next=/admin/"
    for method in ("get", "post"):
        answer = getattr(signed_in, method)(address + query)
        assert SECRET not in answer.content.decode()
    assert model.objects.filter(pk=record.pk).exists()
    assert model.objects.count() == 2


def test_bulk_deletion_by_staff_keeps_what_others_need(client, mine):
    client.force_login(UserFactory(groups=[EDITORS]))
    address = reverse("wagtail_bulk_action", args=["actors", "actor", "delete"])
    answer = client.post(f"{address}?id={mine.actor_id}&next=/admin/", follow=True)
    assert Actor.objects.filter(pk=mine.actor_id).exists()
    assert "La mienne" in answer.content.decode()
    client.post(reverse("wagtail_bulk_action", args=["actors", "service", "delete"]) + f"?id={mine.pk}&next=/admin/")
    assert not Service.objects.exists()


REPORTS = ["site_history", "site_history_results", "workflow", "workflow_results", "workflow_tasks", "locked_pages"]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("query", ["", "?export=csv"])
def test_reports_name_nobody_elses_record(signed_in, mine, other, report, query):
    answer = signed_in.get(reverse(f"wagtailadmin_reports:{report}") + query, follow=True)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert SECRET not in content.decode()


def test_the_sites_history_shows_a_partner_its_own(signed_in, mine, other):
    assert "La mienne" in signed_in.get(reverse("wagtailadmin_reports:site_history")).content.decode()


@pytest.mark.parametrize("person", [lambda: UserFactory(groups=[EDITORS]), AdministratorFactory])
def test_the_sites_history_shows_staff_everything(client, mine, other, person):
    instrument = InstrumentFactory(label="Contrat de ville")
    log(instance=instrument, action="wagtail.edit")
    client.force_login(person())
    page = client.get(reverse("wagtailadmin_reports:site_history")).content.decode()
    for name in ("La mienne", SECRET, "Contrat de ville"):
        assert name in page


def test_the_sites_history_shows_nothing_of_the_directory_to_somebody_without_a_role(mine):
    assert not DirectoryLogEntry.objects.viewable_by_user(UserFactory()).exists()


def test_the_dashboard_names_nobody_elses_record(signed_in, mine, other):
    assert SECRET not in signed_in.get(reverse("wagtailadmin_home")).content.decode()


# --- what a partner may do


def form_of(record, **changes):
    """Return the fields of the editor as a browser would send them."""
    fields = {}
    for name, value in model_to_dict(record).items():
        if isinstance(value, list):
            value = [row.pk if hasattr(row, "pk") else row for row in value]
        fields[name] = "" if value is None else value
    # Left out: what a browser sends in a form of its own (streams, rich text), and what no form has.
    for name in ("body", "steps", "description", "members", "logo", "live", "locked"):
        fields.pop(name, None)
    booleans = [name for name, value in fields.items() if value is False]
    return {**{k: v for k, v in fields.items() if k not in booleans}, **STREAMS, **changes}


def edit_address(record):
    return reverse(type(record).snippet_viewset.get_url_name("edit"), args=[record.pk])


@pytest.fixture
def published(partner):
    return ServiceFactory(name="Couture", actor=ActorFactory(name="Le Préau", members=[partner]))


def test_what_a_partner_saves_is_a_draft(signed_in, published):
    answer = signed_in.post(edit_address(published), form_of(published, name="Couture et tricot"))
    assert answer.status_code == 302
    published.refresh_from_db()
    assert published.name == "Couture"
    assert published.latest_revision.as_object().name == "Couture et tricot"


def test_a_partner_cannot_publish(signed_in, published):
    answer = signed_in.post(edit_address(published), form_of(published, name="Vite", **{"action-publish": "1"}))
    assert answer.status_code == 302
    published.refresh_from_db()
    assert (published.name, published.live) == ("Couture", True)


@pytest.mark.parametrize("field", ["slug", "example", "members", "live", "locked"])
def test_a_partner_cannot_reach_the_fields_of_staff(signed_in, partner, published, field):
    actor = published.actor
    stranger = UserFactory()
    signed_in.post(edit_address(actor), form_of(actor, **{field: stranger.pk if field == "members" else "autre"}))
    draft = Actor.objects.get(pk=actor.pk).latest_revision.as_object()
    assert (draft.slug, draft.example, draft.locked) == ("le-preau", False, False)
    assert list(actor.members.all()) == [partner]


def test_a_partner_creates_a_service_of_its_own_organisation_as_a_draft(signed_in, published):
    add = reverse(Service.snippet_viewset.get_url_name("add"))
    data = {"name": "Nouveau", "actor": published.actor_id, "place_is_actors": "on", **STREAMS}
    assert signed_in.post(add, data).status_code == 302
    made = Service.objects.get(name="Nouveau")
    assert (made.actor, made.live, made.slug) == (published.actor, False, "nouveau")


def test_a_partner_attaches_nothing_to_another_organisation(signed_in, published, other):
    add = reverse(Service.snippet_viewset.get_url_name("add"))
    answer = signed_in.post(add, {"name": "Intrus", "actor": other.actor_id, **STREAMS})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["actor"]
    assert not Service.objects.filter(name="Intrus").exists()
    answer = signed_in.post(edit_address(published), form_of(published, actor=other.actor_id))
    assert list(answer.context["form"].errors) == ["actor"]
    assert SECRET not in answer.content.decode()


def test_a_partner_refers_to_no_hidden_organisation(signed_in, published, other):
    actor = published.actor
    answer = signed_in.post(edit_address(actor), form_of(actor, parent=other.actor_id))
    assert list(answer.context["form"].errors) == ["parent"]


def test_a_preview_of_ones_own_draft_shows(signed_in, published):
    preview = reverse(Service.snippet_viewset.get_url_name("preview_on_edit"), args=[published.pk])
    sent = signed_in.post(preview, form_of(published, name="Aperçu"))
    assert sent.json() == {"is_valid": True, "is_available": True}
    assert "Aperçu" in signed_in.get(preview).content.decode()


def test_a_copy_leaves_address_and_source_behind(client, published):
    published.source_name, published.source_id = "DORA", "42"
    published.save()
    client.force_login(UserFactory(groups=[EDITORS]))
    page = client.get(reverse(Service.snippet_viewset.get_url_name("copy"), args=[published.pk]))
    form = page.context["form"]
    assert (form.instance.name, form.initial["slug"], form.initial["source_id"]) == ("Couture", "", "")


# --- moderation


def test_a_new_site_has_a_two_step_workflow_for_everything():
    workflow = Workflow.objects.get()
    assert [task.name for task in workflow.tasks] == ["Relecture", "Validation"]
    assert [list(task.specific.groups.values_list("name", flat=True)) for task in workflow.tasks] == [
        [EDITORS],
        [ADMINISTRATORS],
    ]
    assert Actor.get_default_workflow() == Service.get_default_workflow() == workflow


def test_a_submission_goes_through_editors_then_administrators_and_shows(client, partner, published):
    editor, administrator = UserFactory(groups=[EDITORS]), UserFactory(groups=[ADMINISTRATORS])
    client.force_login(partner)
    client.post(edit_address(published), form_of(published, name="Couture et tricot", **{"action-submit": "1"}))
    assert [message.to for message in mail.outbox] == [[editor.email]]
    for person in (editor, administrator):
        published.refresh_from_db()
        assert published.name == "Couture"
        client.force_login(person)
        task = published.current_workflow_task_state
        approve = reverse(
            Service.snippet_viewset.get_url_name("workflow_action"), args=[published.pk, "approve", task.pk]
        )
        client.post(approve, {"comment": ""})
    published.refresh_from_db()
    assert published.name == "Couture et tricot"
    assert [administrator.email] in [message.to for message in mail.outbox]
    assert "Couture et tricot" in client.get("/annuaire/services/couture/").content.decode()


# --- numbers of queries


@pytest.mark.parametrize("model", MODELS)
def test_a_listing_costs_the_same_for_one_row_and_three(client, model):
    client.force_login(UserFactory(groups=[EDITORS]))
    address = reverse(model.snippet_viewset.get_url_name("list"))

    def add():
        ServiceFactory(actor=ActorFactory(commune=commune())).save_revision()

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    add()
    cost()
    one = cost()
    add()
    add()
    assert cost() == one
