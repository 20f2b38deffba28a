"""Make the pages that a new site begins with; safe to run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from home.starting import start_site


class Command(BaseCommand):
    help = "Make the home page, the sections, the standing pages and the menus of a new site, where they are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="", help="the site's name, such as a town's")

    def handle(self, *args: Any, **options: Any) -> None:
        home = start_site(options["name"])
        if options["verbosity"]:
            self.stdout.write(_("The site is ready: %(address)s") % {"address": home.full_url})
