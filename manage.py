#!/usr/bin/env python
"""Django's command line. `python3 run.py manage …` calls it inside the project's own environment."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line  # after the settings are named

    execute_from_command_line(sys.argv)
