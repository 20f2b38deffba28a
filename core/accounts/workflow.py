"""The two-step moderation that a new site has: editors read again, then administrators publish.

Made once, when the site has no workflow of its own: whatever a town changes, switches off or assigns afterwards
stays as it left it.
"""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts.roles import ADMINISTRATORS, EDITORS

NAME = "Relecture puis validation"
STEPS = (("Relecture", EDITORS), ("Validation", ADMINISTRATORS))
STOCK_TASK = "Moderators approval"  # made by Wagtail's migrations for a group that gave way to ours
# Wagtail's French says of this one that publication is planned: our catalogue, read before Wagtail's, says the truth.
RETOLD = (_("%(model_name)s '%(object)s' has been submitted for moderation."),)
MODERATED = ("actors.Actor", "actors.Service")


@transaction.atomic
def ensure_workflow(**kwargs: object) -> None:
    """Make the workflow and assign it to every page, organisation and service; do nothing where one exists."""
    from wagtail.models import (  # Wagtail's models load after this module
        GroupApprovalTask,
        Page,
        Workflow,
        WorkflowContentType,
        WorkflowPage,
        WorkflowTask,
    )

    remove_stock_workflow()
    if Workflow.objects.exists():
        return
    workflow = Workflow.objects.create(name=NAME)
    for position, (name, group) in enumerate(STEPS):
        task = GroupApprovalTask.objects.create(name=name)
        task.groups.set(Group.objects.filter(name=group))
        WorkflowTask.objects.create(workflow=workflow, task=task.task_ptr, sort_order=position)
    root = Page.objects.filter(depth=1).first()
    if root is not None:
        WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})
    for label in MODERATED:
        content_type = ContentType.objects.get_for_model(apps.get_model(label))
        WorkflowContentType.objects.get_or_create(content_type=content_type, defaults={"workflow": workflow})


def remove_stock_workflow() -> None:
    """Remove Wagtail's own workflow if nobody can approve in it and nothing ever went through it."""
    from wagtail.models import GroupApprovalTask, Workflow  # Wagtail's models load after this module

    for task in GroupApprovalTask.objects.filter(name=STOCK_TASK, groups=None, task_states=None):
        Workflow.objects.filter(name=STOCK_TASK, workflow_tasks__task=task, workflow_states=None).delete()
        task.delete()
