"""The national system's summer stop (setting `national.freeze`, assumed): what the pages say while it lasts."""

from datetime import date

from linxia_xueji.access import Access
from linxia_xueji.models import Organisation
from linxia_xueji.policy import in_force

MONTHS = (7, 8)
WORDS = "全国学籍系统7月1日至8月31日停办学籍异动（州政策设置，假定）。停办期间在本门户仍可申请和审批，9月1日起再到全国系统办结并登记。"


def freeze_words(organisation: Organisation | None, on: date) -> str:
    """The sentence where the setting is on and the day lies within; empty otherwise. Asks only in those months."""
    if on.month not in MONTHS or in_force(organisation, on)["national.freeze"] != "7-8":
        return ""
    return WORDS


def freeze_for(access: Access, on: date) -> str:
    """The same for the pages of a person."""
    return freeze_words(access.post.organisation, on) if access.post else ""
