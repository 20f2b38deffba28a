"""Rows are filtered by the texts of their opening hours. The worker reads them anew."""

from django.db import migrations, models


def leave_to_the_worker(apps, schema_editor):
    apps.get_model("search", "IndexRow").objects.filter(deleted=False).update(stale=True)


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0010_refused'),
    ]

    operations = [
        migrations.CreateModel(
            name='Timetable',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=500)),
            ],
        ),
        migrations.RunPython(leave_to_the_worker, migrations.RunPython.noop),
    ]
