"""Settings for a developer: the debug page, mail on the console, static files straight from the sources."""

from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES

DEBUG = True
SECRET_KEY = "development-only-not-a-secret-0123456789-abcdefghij"
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
