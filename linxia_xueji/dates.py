"""The day it is in Linxia, and dates as people type them."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")

_DATE = re.compile(r"^(\d{4})(?:[-./年](\d{1,2})[-./月](\d{1,2})日?|(\d{2})(\d{2}))$")


def now() -> datetime:
    """The moment, in Asia/Shanghai; on a demonstration day, that day at the present time of day."""
    moment = datetime.now(SHANGHAI)
    if settings.DEMO_TODAY:
        return datetime.combine(settings.DEMO_TODAY, moment.timetz())
    return moment


def today() -> date:
    """The day, in Asia/Shanghai. Asked once at the door (view, command, job) and passed down from there."""
    return now().date()


def parse_date(text: str) -> date:
    """Read 20250919, 2025-09-19, 2025.9.19, 2025/9/19 or 2025年9月19日.

    :raises ValueError: with a sentence for the person who typed it.
    """
    typed = text.strip()
    match = _DATE.match(typed)
    if match:
        year, month, day, month2, day2 = match.groups()
        try:
            return date(int(year), int(month or month2), int(day or day2))
        except ValueError:
            pass
    raise ValueError(f"“{typed}”不是有效日期，请按2025-09-19或20250919填写")
