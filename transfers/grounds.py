"""The grounds on which a senior student may withdraw.

符合条件的可予以退学 (三（二）3) refers to a list that is not at hand; the first one is assumed and shown as such. The
prefecture may put a list of its own in its place from a day on, with its document; a request keeps the words of the
ground it was filed with, and which list that was of.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from linxia_xueji.models import Organisation
from linxia_xueji.rules import Basis
from registry.clause_lists import ClauseList
from transfers.models import GroundsVersion

GROUNDS = {
    "guardian_applies": "学生及监护人申请退学",
    "not_back": "休学期满，经通知一个月内未申请复学也未延长休学",
    "absent": "连续旷课15日以上或一学期累计45日以上，经帮助教育无效",
    "other": "其他（须在申请理由中写明）",
}
GROUNDS_WHY = "通知“符合条件的可予以退学”所指的条件另有规定，本门户没有该文件；以下事由为假定。"
ASSUMED = f"清单为{Basis.ASSUMED.label}"
CLAUSE = "三（二）3"


@dataclass(frozen=True)
class Grounds:
    """The list in force on a day: code and words of each ground, in their order; `row` is None while it is the assumed one."""

    row: GroundsVersion | None
    items: tuple[tuple[str, str], ...]

    @property
    def source(self) -> str:
        """What the list rests on, beside a ground taken from it."""
        return self.row.document_number if self.row else ASSUMED


def code_of(words: str) -> str:
    """The code of a ground: the same words have the same in every list."""
    known = {text: code for code, text in GROUNDS.items()}
    return known.get(words) or f"g{sha256(words.encode()).hexdigest()[:12]}"


def grounds(prefecture: Organisation | None, on: date) -> Grounds:
    """The prefecture's latest list that has begun, or the assumed one; one query."""
    rows = GroundsVersion.objects.filter(organisation=prefecture, effective_from__lte=on)
    row = rows.order_by("effective_from", "pk").last()
    items = [(code_of(words), words) for words in row.grounds] if row else GROUNDS.items()
    return Grounds(row, tuple(items))


def clause_list(prefecture: Organisation | None, on: date) -> ClauseList:
    """The list as it stands under its clause."""
    found = grounds(prefecture, on)
    if found.row is None:
        why, basis, tone = GROUNDS_WHY, Basis.ASSUMED.label, "warn"
    else:
        basis, tone = "州文件", ""
        why = f"由{found.row.document_number}规定，自{found.row.effective_from:%Y-%m-%d}起。"
    return ClauseList(CLAUSE, "退学事由", why, tuple(words for _, words in found.items), basis, tone)
