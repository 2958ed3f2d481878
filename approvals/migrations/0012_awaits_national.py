from django.db import migrations, models
from django.db.models import Q

OPEN = ["draft", "pending", "returned"]
SIDES = ["counterpart", "counterpart_county"]
RECORDED = """
    UPDATE approvals_request SET turn_permission = 'record_province_reply', turn_organisation_id = prefecture_id
    WHERE turn_permission = 'decide_as_province' AND prefecture_id IS NOT NULL AND policy @> '{"province.in_portal": false}'
"""


class Migration(migrations.Migration):
    """What awaits 国网办结 is marked on the request, and the inbox and its counts are answered by an index alone.

    Where the province does not use the portal, the turn is the centre's, which records the reply.
    """

    dependencies = [("approvals", "0011_clock_ends_nationally")]
    operations = [
        migrations.AddField(
            "request", "awaits_national", models.BooleanField(default=False, verbose_name="待国网办结")
        ),
        migrations.AddConstraint(
            "request",
            models.CheckConstraint(
                condition=Q(awaits_national=False) | Q(state="approved"), name="only_approved_awaits_national"
            ),
        ),
        migrations.AddIndex(
            "request",
            models.Index(
                fields=["prefecture"],
                include=["school", "county", "province", *SIDES],
                condition=Q(awaits_national=True),
                name="request_awaits_national",
            ),
        ),
        migrations.RemoveIndex("request", "request_inbox"),
        migrations.AddIndex(
            "request",
            models.Index(
                fields=["turn_permission", "turn_organisation", "due_on"],
                include=["kind", "verdict", "state", "school", "county", "prefecture", "province", *SIDES],
                condition=Q(state__in=OPEN),
                name="request_inbox",
            ),
        ),
        *(
            migrations.RemoveIndex("request", name)
            for name in (
                "approvals_r_school__99ae8d_idx", "approvals_r_county__9df282_idx", "approvals_r_prefect_70fb6f_idx",
                "request_counterpart", "request_counterpart_county",
            )
        ),
        *(
            migrations.AddIndex(
                "request",
                models.Index(fields=[above, "-created_at", "-id"], include=["kind"], name=f"request_latest_{above}"),
            )
            for above in ("school", "county", "prefecture", "province")
        ),
        *(
            migrations.AddIndex(
                "request",
                models.Index(
                    fields=[side, "-created_at", "-id"],
                    include=["kind"],
                    condition=Q(**{f"{side}__isnull": False}),
                    name=f"request_{side}",
                ),
            )
            for side in SIDES
        ),
        migrations.RunSQL(f"{RECORDED}; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
    ]
