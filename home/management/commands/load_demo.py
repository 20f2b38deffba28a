"""`manage.py load_demo [--reset]`: the content of the demo, once."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from core.finding.units import unit_of_work
from home.demo import marker
from home.demo.directory import load_directory
from home.demo.gatherings import load_events, load_gatherings
from home.demo.loading import Demo
from home.demo.pages import load_home, load_news, load_standing_pages
from home.demo.plan import load_plan
from home.demo.reset import remove_everything
from home.demo.site import load_draft, load_people, load_site
from home.demo.vocabulary import load_instruments, load_pictures, load_territories


class Line:
    """One line of progress on a terminal; nothing in a pipe."""

    def __init__(self, command: BaseCommand) -> None:
        self.out = command.stdout
        self.shown = bool(getattr(self.out, "isatty", lambda: False)())
        self.what, self.total, self.done = "", 0, 0

    def begin(self, what: str, total: int) -> None:
        self.what, self.total, self.done = what, total, 0

    def advance(self) -> None:
        self.done += 1
        if self.shown:
            end = "\n" if self.done == self.total else ""
            self.out.write(f"\r  {self.what} {self.done}/{self.total}\033[K", ending=end)
            self.out.flush()


class Command(BaseCommand):
    help = "Load the demo's content once; with --reset, again. Refuses a database that the demo did not create."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="remove the demo first, then load it anew")

    def handle(self, *args: Any, reset: bool = False, **options: Any) -> None:
        if marker.marker() is None and not marker.is_empty():
            raise CommandError(
                _("This database holds content that the demo did not create: nothing was changed. Use an empty one.")
            )
        with translation.override("fr"):
            if reset or not marker.is_loaded():
                self.load(reset)
            self.print_logins()

    def load(self, reset: bool) -> None:
        began = monotonic()
        demo = Demo(Line(self))
        if reset and marker.marker() is not None:
            remove_everything(demo)
            demo = Demo(demo.progress)
        with unit_of_work():
            collection = marker.begin()
            load_instruments(demo)
        load_territories(demo)
        load_pictures(demo, collection)
        load_directory(demo)
        home = load_home(demo)
        load_gatherings(demo, home)
        load_plan(demo, home)
        load_events(demo, home)
        load_standing_pages(demo, home)
        load_news(demo, home)
        with unit_of_work():
            load_site(demo, home)
        load_people(demo)
        load_draft(demo, home)
        with unit_of_work():
            marker.finish()
        if demo.progress.shown:  # type: ignore[attr-defined]
            self.stdout.write(_("The demo is loaded (%(seconds).1f s).") % {"seconds": monotonic() - began})

    def print_logins(self) -> None:
        for email, password, _group, label in getattr(settings, "DEMO_LOGINS", []):
            self.stdout.write(f"  {email}  {password}  ({label})")
