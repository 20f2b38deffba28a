"""The words of a row gain a column: what it is about, by the vocabulary; the names' words can be listed.

The worker fills the table anew.
"""

from django.db import migrations

DROP = ("DROP TABLE search_vocabulary", "DROP TABLE search_words")
NAMES = "search_names_vocabulary"
COLUMNS = {"before": "title, summary, tags, body", "after": "title, summary, tags, body, concepts"}


def _make(schema_editor, columns, names):
    if schema_editor.connection.vendor == "sqlite":
        for statement in (
            *DROP,
            f"CREATE VIRTUAL TABLE search_words USING fts5({columns},"
            " tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
            "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_words, 'row')",
            *names,
        ):
            schema_editor.execute(statement)


def _leave_to_the_worker(apps):
    apps.get_model("search", "IndexRow").objects.filter(deleted=False).update(stale=True)


def forwards(apps, schema_editor):
    _make(schema_editor, COLUMNS["after"], [f"CREATE VIRTUAL TABLE {NAMES} USING fts5vocab(search_names, 'row')"])
    _leave_to_the_worker(apps)


def backwards(apps, schema_editor):
    _make(schema_editor, COLUMNS["before"], [f"DROP TABLE {NAMES}"])
    _leave_to_the_worker(apps)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text")]

    operations = [migrations.RunPython(forwards, backwards)]
