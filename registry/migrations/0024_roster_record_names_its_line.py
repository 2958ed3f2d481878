"""A record names the line of the list that tells of the enrolment, which stands there already, instead of a copy of it."""

import django.db.models.deletion
from django.db import migrations, models

POINT = """
UPDATE registry_rosterrecord r SET line_id = t.id FROM registry_rosterstaged t
 WHERE t.upload_id = r.upload_id AND t.row = r.row;
SET CONSTRAINTS ALL IMMEDIATE;
"""
# What is sealed cannot be packed any tighter: trying to costs more than keeping it.
UNPACKED = "ALTER TABLE registry_rosterstaged ALTER COLUMN archive SET STORAGE EXTERNAL"


def line(null: bool) -> models.ForeignKey:
    return models.ForeignKey(null=null, on_delete=django.db.models.deletion.PROTECT, related_name="records", to="registry.rosterstaged", verbose_name="原表")


class Migration(migrations.Migration):
    dependencies = [("registry", "0023_initials_by_sets")]
    operations = [
        migrations.AddField("rosterrecord", "line", line(null=True)),
        migrations.RunSQL(POINT, migrations.RunSQL.noop),
        migrations.AlterField("rosterrecord", "line", line(null=False)),
        migrations.RemoveField("rosterrecord", "archive"),
        migrations.RemoveField("rosterrecord", "upload"),
        migrations.RemoveField("rosterrecord", "row"),
        migrations.RunSQL(UNPACKED, migrations.RunSQL.noop),
    ]
