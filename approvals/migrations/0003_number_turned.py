"""The end of a 受理号 is found by an index over the numbers turned round."""

from django.db import migrations

INDEX = "CREATE INDEX request_number_turned ON approvals_request (reverse(number) text_pattern_ops)"


class Migration(migrations.Migration):
    dependencies = [("approvals", "0002_initial")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX request_number_turned")]
