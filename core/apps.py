from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects.apps import WagtailRedirectsAppConfig
from wagtail.signals import post_page_move


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Core")
    default = True

    def ready(self) -> None:
        from core.accounts.roles import ensure_roles  # the models must be loaded first
        from core.accounts.workflow import ensure_workflow  # the models must be loaded first
        from core.pages import section  # noqa: F401  connects the signal that gives a section its permissions
        from core.vocabulary.loading import ensure_vocabulary  # the models must be loaded first

        autodiscover_modules("contexts")
        post_migrate.connect(ensure_vocabulary, sender=self, dispatch_uid="core.vocabulary")
        post_migrate.connect(ensure_roles, sender=self, dispatch_uid="core.roles")
        post_migrate.connect(ensure_workflow, sender=self, dispatch_uid="core.workflow")


class RedirectsConfig(WagtailRedirectsAppConfig):
    """Wagtail's redirects; those of a changed slug are written by `BasePage.save()`, with the change."""

    def ready(self) -> None:
        from wagtail.contrib.redirects import signal_handlers  # the models must be loaded first

        post_page_move.connect(signal_handlers.autocreate_redirects_on_page_move)
