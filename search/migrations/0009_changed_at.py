from django.db import migrations, models
from django.utils import timezone


def from_last_change(apps, schema_editor):
    apps.get_model("search", "IndexRow").objects.update(changed_at=models.F("updated_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0008_rereading"),
    ]

    operations = [
        migrations.AddField(
            model_name="indexrow",
            name="changed_at",
            field=models.DateTimeField(default=timezone.now),
        ),
        migrations.RunPython(from_last_change, migrations.RunPython.noop, elidable=True),
    ]
