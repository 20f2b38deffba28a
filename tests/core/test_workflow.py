"""The workflow of a new site is made once, and stays as a town leaves it."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowContentType, WorkflowPage, WorkflowTask

from core.accounts.workflow import NAME, STOCK_TASK, ensure_workflow

pytestmark = pytest.mark.django_db


def test_it_is_assigned_to_every_page_organisation_and_service():
    workflow = Workflow.objects.get(name=NAME)
    assert WorkflowPage.objects.get().page.depth == 1
    assert Page.objects.filter(depth=1).get().get_workflow() == workflow
    labels = {
        f"{row.content_type.app_label}.{row.content_type.model}"
        for row in WorkflowContentType.objects.filter(workflow=workflow)
    }
    assert labels == {"actors.actor", "actors.service"}


def test_nothing_is_made_twice():
    ensure_workflow()
    assert Workflow.objects.count() == 1
    assert GroupApprovalTask.objects.count() == 2


def test_what_a_town_changed_stays():
    workflow = Workflow.objects.get()
    workflow.name, workflow.active = "La nôtre", False
    workflow.save()
    workflow.workflow_tasks.all().delete()
    WorkflowPage.objects.all().delete()
    WorkflowContentType.objects.filter(content_type=ContentType.objects.get(app_label="actors", model="actor")).delete()
    ensure_workflow()
    workflow.refresh_from_db()
    assert (workflow.name, workflow.active, workflow.workflow_tasks.count()) == ("La nôtre", False, 0)
    assert not WorkflowPage.objects.exists()
    assert WorkflowContentType.objects.count() == 1


def stock(group=None):
    task = GroupApprovalTask.objects.create(name=STOCK_TASK)
    if group:
        task.groups.add(group)
    workflow = Workflow.objects.create(name=STOCK_TASK)
    WorkflowTask.objects.create(workflow=workflow, task=task.task_ptr, sort_order=0)


def test_wagtails_own_gives_way_while_nobody_can_use_it():
    Workflow.objects.all().delete()
    stock()
    ensure_workflow()
    assert [workflow.name for workflow in Workflow.objects.all()] == [NAME]


def test_wagtails_own_stays_where_a_group_uses_it():
    Workflow.objects.all().delete()
    stock(Group.objects.create(name="Modération"))
    ensure_workflow()
    assert [workflow.name for workflow in Workflow.objects.all()] == [STOCK_TASK]
