"""The words of a row gain a column: what it is about, by the vocabulary. The worker fills the table anew."""

from django.db import migrations

DROP = ("DROP TABLE search_vocabulary", "DROP TABLE search_words")
COLUMNS = {"before": "title, summary, tags, body", "after": "title, summary, tags, body, concepts"}


def _make(schema_editor, columns):
    if schema_editor.connection.vendor == "sqlite":
        for statement in (
            *DROP,
            f"CREATE VIRTUAL TABLE search_words USING fts5({columns},"
            " tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
            "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_words, 'row')",
        ):
            schema_editor.execute(statement)


def _leave_to_the_worker(apps):
    apps.get_model("search", "IndexRow").objects.filter(deleted=False).update(stale=True)


def forwards(apps, schema_editor):
    _make(schema_editor, COLUMNS["after"])
    _leave_to_the_worker(apps)


def backwards(apps, schema_editor):
    _make(schema_editor, COLUMNS["before"])
    _leave_to_the_worker(apps)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text")]

    operations = [migrations.RunPython(forwards, backwards)]
