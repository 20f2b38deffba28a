

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0014_promoted'),
    ]

    operations = [
        migrations.AlterField(
            model_name='lexiconentry',
            name='kind',
            field=models.CharField(choices=[('concept', 'need, public or place: words that name one thing'), ('situation', 'everyday situation: what is said, and what answers it'), ('acronym', 'acronym and its meanings'), ('synonym', 'words that say the same'), ('qualifier', 'words that only qualify a need: free, cheap, second-hand'), ('outside', 'what this site does not deal with: the weather, films, cooking recipes'), ('filler', 'words that only sentences carry, left out of the search')], max_length=10, verbose_name='what it does'),
        ),
    ]
