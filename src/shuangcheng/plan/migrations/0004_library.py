"""Intakes, versions of proposals, and what a newer text did to the clause of an item."""

import django.db.models.deletion
import shuangcheng.directory.models.base
import shuangcheng.plan.terms
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0003_approvals_waiting'),
    ]

    operations = [
        migrations.RenameField('proposal', 'version', 'policy_version'),
        migrations.AddField(
            model_name='item',
            name='clause_fate',
            field=models.CharField(blank=True, choices=shuangcheng.plan.terms.ClauseFate.pairs, help_text='what a newer text did to the clause; blank: nothing to see to', max_length=8),
        ),
        migrations.AddField(
            model_name='proposal',
            name='version',
            field=models.IntegerField(default=1),
        ),
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.UUIDField(default=shuangcheng.directory.models.base.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('name', models.CharField(help_text='name of the file, or the first words of a pasted text', max_length=200)),
                ('file', models.FileField(null=True, upload_to='policies/')),
                ('text', models.TextField()),
                ('readings', models.JSONField(default=list, help_text='core.policy.Document as JSON, one for each document in it')),
                ('digests', models.JSONField(default=list, help_text='digest of the text of each document')),
                ('taken', models.JSONField(default=dict, help_text='index of a document -> id of the policy it became')),
                ('warnings', models.JSONField(default=list, help_text="what the file's reader warns of, as messages")),
                ('closed', models.BooleanField(default=False, help_text='taken in as a whole, or given up')),
                ('by_name', models.CharField(max_length=100)),
                ('renews', models.ForeignKey(help_text='the document it is a newer text of', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='plan.policy')),
            ],
            options={
                'ordering': ('-created_at',),
            },
        ),
    ]
