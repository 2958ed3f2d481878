"""`bin/manage load_reference`: bring the reference data of fixtures/ into the database."""

from django.core.management.base import BaseCommand

from approvals.calendar_entry import load_national_notices
from linxia_xueji.dates import today
from linxia_xueji.organisations import load_organisations
from registry.reference import load_schools


class Command(BaseCommand):
    """Load divisions, organisations, schools and the national notices; run again, it changes nothing."""

    help = "载入基础数据：区划、机构、学校、国家放假安排"

    def handle(self, *args, **options):
        """Say on stderr how many rows were made or changed."""
        changed = load_organisations(today()) + load_schools() + load_national_notices()
        self.stderr.write(
            f"reference data: {changed} rows made or changed" if changed else "reference data: up to date"
        )
