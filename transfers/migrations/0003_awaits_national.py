from django.db import migrations, models
from django.db.models import Q

WAITING = """
    UPDATE transfers_change c SET awaits_national = true FROM approvals_request r
    WHERE r.id = c.request_id AND r.state = 'approved' AND c.national_on IS NULL
"""


class Migration(migrations.Migration):
    """What is still to be done in the national system is marked, so that it is counted without all that was ever approved."""

    dependencies = [("transfers", "0002_grounds")]
    operations = [
        migrations.AddField(
            "change", "awaits_national", models.BooleanField(default=False, verbose_name="待国网办结")
        ),
        migrations.RunSQL(f"{WAITING}; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        migrations.AddConstraint(
            "change",
            models.CheckConstraint(
                condition=Q(awaits_national=False) | Q(national_on=None), name="nothing_recorded_awaits_national"
            ),
        ),
        migrations.AddIndex(
            "change",
            models.Index(fields=["request"], condition=Q(awaits_national=True), name="change_awaits_national"),
        ),
    ]
