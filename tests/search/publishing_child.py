"""A process that publishes one page without end, forked again for each round; `test_killed` kills the forks.

python -m tests.search.publishing_child      one line on its input, one fork, its number on the output
"""

from __future__ import annotations

import os
import sys

import django


def prepare() -> None:
    """One published page."""
    from core.finding.units import unit_of_work  # once the settings are read
    from tests.factories.home import HomePageFactory, StandardPageFactory

    with unit_of_work():
        page = StandardPageFactory(parent=HomePageFactory(), title="Le vestiaire 0", slug="vestiaire")
        page.save_revision().publish()


def publish(first: int) -> None:
    """The same page, under one title after the other."""
    from core.finding.units import unit_of_work  # once the settings are read
    from home.models import StandardPage

    page = StandardPage.objects.get(slug="vestiaire")
    say("ready")
    for number in range(first + 1, first + 1000):
        page.title = f"Le vestiaire {number}"
        with unit_of_work():
            page.save_revision().publish()
        say(number)


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    django.setup()
    from django.db import connections  # once the settings are read

    prepare()
    connections.close_all()  # a connection must not be shared with a fork
    say("prepared")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            say(os.getpid())  # by the fork itself, before all else that it says
            publish(int(line))
            os._exit(0)
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
