"""Twins are folded. The rows that are there are left to the worker, which writes a few hundred a second."""

import django.db.models.deletion
from django.db import migrations, models


def leave_to_the_worker(apps, schema_editor):
    apps.get_model("search", "IndexRow").objects.filter(deleted=False, kind__in=("service", "actor")).update(stale=True)


class Migration(migrations.Migration):
    dependencies = [("search", "0012_register")]

    operations = [
        migrations.AddField(
            model_name="indexrow",
            name="folded_under",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="search.indexrow",
            ),
        ),
        migrations.AddField(
            model_name="indexrow", name="signature", field=models.CharField(blank=True, max_length=32)
        ),
        migrations.AddIndex(
            model_name="indexrow",
            index=models.Index(fields=["collection", "signature"], name="search_row_signature"),
        ),
        migrations.AddIndex(
            model_name="indexrow",
            index=models.Index(
                condition=models.Q(("folded_under__isnull", False)), fields=["folded_under"], name="search_row_folded"
            ),
        ),
        migrations.RunPython(leave_to_the_worker, migrations.RunPython.noop),
    ]
