"""The words of the rows, in the form that each database searches by itself.

No foreign key ties them to the rows: a virtual table has none, and the engine writes both.
"""

from django.db import migrations

SQLITE = (
    # Terms are analysed in Python; the tokenizer only has to keep them whole ("pa2_2_2").
    "CREATE VIRTUAL TABLE search_words USING fts5("
    "title, summary, tags, body, tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
    "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_words, 'row')",
    "CREATE VIRTUAL TABLE search_names USING fts5("
    "names, prefix='2 3', tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
)
POSTGRESQL = (
    "CREATE TABLE search_words (row_id bigint PRIMARY KEY, words tsvector NOT NULL,"
    " names tsvector NOT NULL, norm double precision NOT NULL DEFAULT 1)",
    "CREATE INDEX search_words_words ON search_words USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX search_words_names ON search_words USING gin (names) WITH (fastupdate = off)",
)
DROPPED = {
    "sqlite": ("search_names", "search_vocabulary", "search_words"),
    "postgresql": ("search_words",),
}


def create(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for table in DROPPED[schema_editor.connection.vendor]:
        schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
