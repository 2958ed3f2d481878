from django.db import migrations

MARKED = """
    UPDATE approvals_request r SET awaits_national = true FROM transfers_change c
    WHERE c.request_id = r.id AND c.awaits_national
"""
AGAIN = """
    UPDATE transfers_change c SET awaits_national = true FROM approvals_request r
    WHERE c.request_id = r.id AND r.awaits_national
"""


class Migration(migrations.Migration):
    """The mark of what awaits 国网办结 moves to the request, where the columns stand by which it is counted."""

    dependencies = [("approvals", "0012_awaits_national"), ("transfers", "0004_problems")]
    operations = [
        migrations.RunSQL(f"{MARKED}; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", f"{AGAIN}; SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.RemoveIndex("change", "change_awaits_national"),
        migrations.RemoveConstraint("change", "nothing_recorded_awaits_national"),
        migrations.RemoveField("change", "awaits_national"),
    ]
