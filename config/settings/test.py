"""Settings of the test-suite: quick hashes, mail kept in memory, a database file of its own."""

import os
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, DATABASES, STORAGES, env

SECRET_KEY = "test-only-not-a-secret-0123456789-abcdefghijklmnopqr"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "example.test"]
DATA_DIR.mkdir(parents=True, exist_ok=True)
suffix = env("TEST_DB_SUFFIX", default="")
default = DATABASES["default"]
# In-memory SQLite answers "table is locked" to a second thread: tests use a file, as the site does.
if default["ENGINE"] == "django.db.backends.sqlite3":
    default["TEST"] = {"NAME": str(DATA_DIR / f"test{suffix}.sqlite3")}
    default["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # a test database need not survive a power cut
else:
    default["TEST"] = {"NAME": f"test_{default['NAME']}{suffix}"}
    default.setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
# Only the tests that ask for it (`tests/search/elastic.py`) talk to the server; the others to the database.
TEST_ELASTICSEARCH_URL, ELASTICSEARCH_URL = env("ELASTICSEARCH_URL", default=""), ""
SEARCH_INDEX_PREFIX = f"maillage-test{suffix}-{os.getpid()}".lower()
SEARCH_REGISTER_EVERY = None  # a second thread would wait for each test's own transaction
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="maillage-test-media-"))
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # looks a file up when it is asked for, instead of listing all of them for each client
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WAGTAILADMIN_BASE_URL = "http://testserver"
