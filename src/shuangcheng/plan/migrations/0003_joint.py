"""A joint list stands on two nodes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0002_append_only'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='progress',
            options={'ordering': ('-on', models.OrderBy(models.F('counted_at'), descending=True, nulls_last=True), '-created_at', '-id')},
        ),
        migrations.AddField(
            model_name='plan',
            name='heard',
            field=models.IntegerField(default=0, help_text='number of the newest such letter that came'),
        ),
        migrations.AddField(
            model_name='plan',
            name='home',
            field=models.CharField(blank=True, help_text='the authority whose node keeps it; blank: this one', max_length=20),
        ),
        migrations.AddField(
            model_name='plan',
            name='received',
            field=models.JSONField(help_text='of one that is kept elsewhere: its content as it came last', null=True),
        ),
        migrations.AddField(
            model_name='plan',
            name='returned',
            field=models.CharField(blank=True, help_text='why the other side returned or withdrew it last', max_length=300),
        ),
        migrations.AddField(
            model_name='plan',
            name='sent',
            field=models.IntegerField(default=0, help_text='letters that told the other node of its content or its return'),
        ),
        migrations.AddField(
            model_name='progress',
            name='counted_at',
            field=models.DateTimeField(help_text='since when it counts: of two on one day the later tells', null=True),
        ),
        migrations.AddField(
            model_name='progress',
            name='evidence',
            field=models.JSONField(default=list, help_text='files that stay on the other node: name, sha256, size'),
        ),
        migrations.AddField(
            model_name='progress',
            name='origin',
            field=models.CharField(blank=True, help_text='the authority on whose node it was reported', max_length=20),
        ),
        migrations.AddField(
            model_name='progress',
            name='told_times',
            field=models.IntegerField(default=0, help_text='letters about it that went or came; an older one is late'),
        ),
        migrations.AddField(
            model_name='remark',
            name='origin',
            field=models.CharField(blank=True, help_text='the authority on whose node it was said', max_length=20),
        ),
        migrations.AddField(
            model_name='remark',
            name='told',
            field=models.BooleanField(default=False, help_text='whether a letter about it went to the other node'),
        ),
        migrations.RunSQL(
            "UPDATE plan_progress SET counted_at = updated_at WHERE counts",
            migrations.RunSQL.noop,
        ),
    ]
