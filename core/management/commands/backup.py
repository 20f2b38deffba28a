"""Save the site, database and media, to one file."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.archives import ArchiveError, write_archive


class Command(BaseCommand):
    help = "Save the database and the media to one file (tar.gz), while the site goes on."
    requires_system_checks: list[str] = []  # a site that is broken must still be saved

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write; an existing file is replaced once all went well")

    def handle(self, *args, file: Path, **options) -> None:
        if not file.absolute().parent.is_dir():
            raise CommandError(f"{file.absolute().parent} is not a folder.")
        try:
            manifest = write_archive(file.absolute())
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        media = f"{manifest.media} media files" if manifest.media >= 0 else "media are kept elsewhere: save them there"
        self.stdout.write(f"{file}: {file.stat().st_size / 1e6:.1f} MB ({manifest.engine}, {media})")
