"""Approved versions of a plan can be added to, never changed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial"), ("directory", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON plan_planversion "
            "FOR EACH ROW EXECUTE FUNCTION directory_append_only()",
            "DROP TRIGGER append_only ON plan_planversion",
        ),
    ]
