from django.db import migrations, models


def forget_unfinished_builds(apps, schema_editor):
    """There may be several, which is not allowed any more; the worker begins another one if it is needed."""
    apps.get_model("search", "SearchIndex").objects.filter(state="building").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0009_changed_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="indexrow",
            name="refused",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.RunPython(forget_unfinished_builds, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="searchindex",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "building")),
                fields=("collection", "mapping"),
                name="search_one_build_at_a_time",
            ),
        ),
    ]
