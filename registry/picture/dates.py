"""Dates ahead: the first and last days of terms, and the last days of verifications, with how many days are left."""

from datetime import date, timedelta

from django.urls import reverse

from approvals.terms import school_year_of, terms_of
from linxia_xueji.access import Access
from linxia_xueji.enums import Stage
from registry.models import Verification
from registry.picture.figures import Figure, Line, Table

WITHIN = timedelta(days=180)
"""How far ahead the picture looks."""


def dates(access: Access, on: date) -> Table:
    """What is to come within half a year, the nearest first; terms as they hold for the person's own organisation."""
    office, found = access.post.organisation, set()
    for year in (school_year_of(on), school_year_of(on) + 1):
        for (stage, _), term in terms_of(office, year).items():
            for day, word in ((term.starts_on, "开始"), (term.ends_on, "结束")):
                found.add((day, f"{term.get_season_display()}{word}（{Stage(stage).label}）", reverse("registry:year")))
    above = [one.pk for one in office.ancestors()]
    for one in Verification.objects.filter(prefecture__in=above):
        page = reverse("registry:verification", args=[one.pk])
        found |= {(one.due_on, f"{one}：学校完成", page), (one.sample_due_on, f"{one}：抽查完成", page)}
    lines = [
        Line(f"{day.isoformat()} {words}", (Figure((day - on).days, page),))
        for day, words, page in sorted(row for row in found if row[0] and on <= row[0] <= on + WITHIN)
    ]
    return Table(
        "dates", "日期预告", "事项", ("还有（天）",), tuple(lines), "天", "半年以内的学期起止和核查期限", drawn=False
    )
