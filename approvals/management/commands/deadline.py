"""`bin/manage deadline`: the due date of each starting day under the national calendar."""

import re
import sys
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from approvals.calendar import Calendar
from approvals.calendar_queries import national_notices
from approvals.clock import LIMIT
from linxia_xueji.dates import parse_date

PROVISIONAL = 3
SEPARATORS = re.compile(r"[,，;；\s]+")


class Command(BaseCommand):
    """Prints one line a date: the last working day, or `provisional` (why, on stderr; exit 3 if any was)."""

    help = "算出每个日期起若干个工作日的到期日；需要未公布年份时输出provisional"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--days", default=str(LIMIT), metavar="N", help="工作日数，默认10")
        parser.add_argument("--known-on", metavar="DATE", help="按该日已印发的通知计算")
        parser.add_argument("--off", default="", metavar="D,D…", help="本地放假日和取消的调休上班日")
        parser.add_argument("--work", default="", metavar="D,D…", help="本地上班日")
        parser.add_argument("dates", nargs="+", metavar="DATE", help="申请日期，当日不计")

    def handle(self, *args, **options):
        # Everything is read before anything is printed: unreadable input leaves stdout empty.
        try:
            days = _count(options["days"])
            known_on = parse_date(options["known_on"]) if options["known_on"] is not None else None
            starts = [parse_date(text) for text in options["dates"]]
            calendar = Calendar(national_notices(), _days(options["off"]), _days(options["work"]), known_on)
        except ValueError as fault:
            raise CommandError(str(fault), returncode=2) from fault
        dues = [(start, calendar.working_days_after(start, days)) for start in starts]
        for start, due in dues:
            self.stdout.write(due.day.isoformat() if due.day else "provisional")
            if due.provisional:
                self.stderr.write(f"{start}：{due.reason}")
        if any(due.provisional for _, due in dues):
            self.stdout.flush()
            sys.exit(PROVISIONAL)


def _days(text: str) -> list[date]:
    return [parse_date(part) for part in SEPARATORS.split(text) if part]


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", str(text)) or int(text) < 1:
        raise ValueError(f"“{text}”不是有效的工作日数，请填写1以上的整数")
    return int(text)
