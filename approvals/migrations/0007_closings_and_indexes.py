"""What the desk needs at full size: indexes for what lies there, and the year's decisions counted by the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COUNT_CLOSINGS = """
CREATE FUNCTION approvals_add_closings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO approvals_closings (school_id, county_id, prefecture_id, province_id, year, decided, in_time)
    SELECT school_id, county_id, prefecture_id, province_id, extract(year FROM closed_on), count(*),
           count(*) FILTER (WHERE closed_on_time)
      FROM new_rows WHERE closed_on IS NOT NULL AND closed_on_time IS NOT NULL GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (school_id, county_id, prefecture_id, province_id, year) DO UPDATE
       SET decided = approvals_closings.decided + excluded.decided, in_time = approvals_closings.in_time + excluded.in_time;
    RETURN NULL;
END $$;
CREATE FUNCTION approvals_take_closings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE approvals_closings c SET decided = c.decided - o.decided, in_time = c.in_time - o.in_time
      FROM (SELECT school_id, county_id, prefecture_id, province_id, extract(year FROM closed_on) AS year, count(*) AS decided,
                   count(*) FILTER (WHERE closed_on_time) AS in_time
              FROM old_rows WHERE closed_on IS NOT NULL AND closed_on_time IS NOT NULL GROUP BY 1, 2, 3, 4, 5) o
     WHERE (c.school_id, c.year) = (o.school_id, o.year) AND c.county_id IS NOT DISTINCT FROM o.county_id
       AND c.prefecture_id IS NOT DISTINCT FROM o.prefecture_id AND c.province_id IS NOT DISTINCT FROM o.province_id;
    RETURN NULL;
END $$;
CREATE TRIGGER closings_in AFTER INSERT ON approvals_request REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_add_closings();
CREATE TRIGGER closings_out AFTER DELETE ON approvals_request REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_take_closings();
CREATE TRIGGER closings_before AFTER UPDATE ON approvals_request REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_take_closings();
CREATE TRIGGER closings_now AFTER UPDATE ON approvals_request REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_add_closings();
INSERT INTO approvals_closings (school_id, county_id, prefecture_id, province_id, year, decided, in_time)
SELECT school_id, county_id, prefecture_id, province_id, extract(year FROM closed_on), count(*),
       count(*) FILTER (WHERE closed_on_time)
  FROM approvals_request WHERE closed_on IS NOT NULL AND closed_on_time IS NOT NULL GROUP BY 1, 2, 3, 4, 5;
"""

UNDO = """
DROP TRIGGER closings_in ON approvals_request;
DROP TRIGGER closings_out ON approvals_request;
DROP TRIGGER closings_before ON approvals_request;
DROP TRIGGER closings_now ON approvals_request;
DROP FUNCTION approvals_add_closings();
DROP FUNCTION approvals_take_closings();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0006_supervision"),
        ("linxia_xueji", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Closings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("decided", models.PositiveIntegerField(default=0, verbose_name="办结件数")),
                ("in_time", models.PositiveIntegerField(default=0, verbose_name="按期办结件数")),
            ],
            options={
                "verbose_name": "办结统计",
                "verbose_name_plural": "办结统计",
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["by", "on", "request"], name="entry_done_since"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["by", "-at", "request"], name="entry_done"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("read_at", None)), fields=["to"], name="message_unread"),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state__in", ("draft", "pending", "returned"))),
                fields=["school", "state", "due_on"],
                name="request_open_school",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state__in", ("draft", "pending", "returned"))),
                fields=["county", "state", "due_on"],
                name="request_open_county",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state__in", ("draft", "pending", "returned"))),
                fields=["prefecture", "state", "due_on"],
                name="request_open_prefecture",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state__in", ("draft", "pending", "returned"))),
                fields=["province", "state", "due_on"],
                name="request_open_province",
            ),
        ),
        migrations.AddField(
            model_name="closings",
            name="county",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="linxia_xueji.organisation",
                verbose_name="县级主管部门",
            ),
        ),
        migrations.AddField(
            model_name="closings",
            name="prefecture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="linxia_xueji.organisation",
                verbose_name="州级主管部门",
            ),
        ),
        migrations.AddField(
            model_name="closings",
            name="province",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="linxia_xueji.organisation",
                verbose_name="省级主管部门",
            ),
        ),
        migrations.AddField(
            model_name="closings",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="linxia_xueji.organisation",
                verbose_name="学校",
            ),
        ),
        migrations.AddConstraint(
            model_name="closings",
            constraint=models.UniqueConstraint(
                fields=("school", "county", "prefecture", "province", "year"),
                name="closings_once_a_year",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="closings",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_time__lte", models.F("decided"))), name="closings_in_time_of_decided"
            ),
        ),
        migrations.RunSQL(COUNT_CLOSINGS, UNDO),
    ]
