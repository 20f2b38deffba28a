"""Wagtail's own groups and workflow give way to the site's roles (`core.accounts.roles`).

A group that somebody belongs to is kept: nobody loses an access by this.
"""

from django.db import migrations


def remove_unused_groups(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    User = apps.get_model("core", "User")
    used = set(User.groups.through.objects.values_list("group_id", flat=True))
    Group.objects.filter(name__in=["Moderators", "Editors"]).exclude(pk__in=used).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_site"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
    ]

    operations = [migrations.RunPython(remove_unused_groups, migrations.RunPython.noop)]
