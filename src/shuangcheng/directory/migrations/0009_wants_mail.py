"""Whether somebody wants reminders by e-mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_sentences")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="wants_mail",
            field=models.BooleanField(default=True, help_text="whether reminders also come by e-mail"),
        ),
    ]
