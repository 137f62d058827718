"""Organisations that came from another node say so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0009_wants_mail")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="origin",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="the authority from whose node it came; blank: here",
                max_length=20,
            ),
        ),
    ]
