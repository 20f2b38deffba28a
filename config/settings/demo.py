"""Settings of `python3 run.py demo`: invented people with known passwords, so never for a real site."""

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, STORAGES, database, env

SECRET_KEY = "demo-only-not-a-secret-0123456789-abcdefghijklmnopqr"
ALLOWED_HOSTS = ["*"]
DEMO = True
DATABASES = {"default": database(env("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'demo.sqlite3'}")}
MEDIA_ROOT = DATA_DIR / "demo-media"
# CompressedManifestStaticFilesStorage needs half a minute of collectstatic: the demo serves the sources.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "demo-mail"
# The people of the demo: address, password, group ("" for a superuser), what to call them on the terminal.
DEMO_LOGINS = [
    ("admin@maillage.example", "maillage-admin", "", "administratrice"),
    ("redaction@maillage.example", "maillage-redaction", "Éditeurs", "éditrice : publie dans ses rubriques"),
    (
        "contribution@maillage.example",
        "maillage-contribution",
        "Contributeurs",
        "contributeur : écrit des brouillons",
    ),
    (
        "partenaire@maillage.example",
        "maillage-partenaire",
        "Partenaires",
        "partenaire : tient sa propre fiche à jour",
    ),
]
