"""Rows of a roster that were held up are few among all that are kept, and 问题学籍 asks for them at each look."""

from django.db import migrations

MADE = "CREATE INDEX roster_rows_held_up ON registry_rosterstaged (code) WHERE change = 'blocked'"


class Migration(migrations.Migration):
    dependencies = [("registry", "0029_facts_without_index_of_recorder")]
    operations = [migrations.RunSQL(MADE, "DROP INDEX roster_rows_held_up")]
