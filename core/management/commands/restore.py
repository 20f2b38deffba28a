"""Bring a saved site back."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.archives import ArchiveError, restore_archive


class Command(BaseCommand):
    help = "Bring back a site that `backup` saved, into an empty database, or with --force in place of what is there."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace what the database holds; media move aside")

    def handle(self, *args, file: Path, force: bool, **options) -> None:
        try:
            manifest = restore_archive(file, force=force)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The site of {manifest.made_at} is back. Now run migrate, then check_search --repair.")
