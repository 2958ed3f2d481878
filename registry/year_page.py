"""The page of a school year for one organisation: its terms, windows and deadlines, its free days, and what is missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from approvals.calendar import PENDING, Calendar, UnknownYear
from approvals.calendar_queries import local_days, national_notices
from approvals.clock import SOON
from approvals.models import LocalDay, Season, Term
from approvals.models.terms import year_words
from approvals.terms import days_of, entered_below, school_year_of, terms_of
from approvals.windows import Window
from linxia_xueji.enums import Level, Stage
from linxia_xueji.models import Organisation
from linxia_xueji.policy import SETTINGS, Policy, in_force
from linxia_xueji.reach import run_by
from registry.enums import UploadState
from registry.facts import last_day_of
from registry.models import Admission, AdmissionPlan, AdmissionUpload, Programme

YEARS = range(2018, 2100)
"""School years that can be asked for: from the first calendar at hand."""


@dataclass(frozen=True)
class Chip:
    """How near a day is, drawn like the deadline of a clock."""

    chip: str
    chip_text: str


PAST = Chip("", "已过")


@dataclass(frozen=True)
class Mark:
    """A day to be remembered, and what it rests on."""

    day: date
    words: str
    basis: str
    chip: Chip


_BESIDE: list[tuple[str, str]] = []


def add_beside(label: str, url_name: str) -> None:
    """Let an app lead from the page to one of its own about the same year: words and the name of its address."""
    _BESIDE.append((label, url_name))


def year_page(organisation: Organisation, school_year: int, on: date) -> dict[str, Any]:
    """All the page shows, but the forms; nothing is made up where a calendar or a term is not there."""
    locals_ = local_days(organisation)
    notices = national_notices()
    calendar = Calendar(
        notices,
        off=[d.day for d in locals_ if d.kind != LocalDay.Kind.WORKING],
        work=[d.day for d in locals_ if d.kind == LocalDay.Kind.WORKING],
    )
    policy, stages = in_force(organisation, on), _stages(organisation)
    first, last = date(school_year, 9, 1), date(school_year + 1, 8, 31)
    terms = terms_of(organisation, school_year)
    admissions = _admissions(organisation, school_year) if Stage.SENIOR in stages else None
    return {
        "beside": tuple(_BESIDE),
        "organisation": organisation,
        "school_year": school_year,
        "title": year_words(school_year),
        "current": school_year == school_year_of(on),
        "previous": school_year - 1 if school_year - 1 in YEARS else None,
        "next": school_year + 1,
        "terms": [_term_row(s, season, terms.get((s, season)), calendar, policy, on) for season in Season for s in stages],
        "below": entered_below(organisation, school_year) if organisation.level != Level.SCHOOL else [],
        "before_end": dict(SETTINGS["transfer.window.before_end"].choices)[policy["transfer.window.before_end"]],
        "marks": _marks(school_year, stages, calendar, policy, on),
        "calendars": [_calendar_year(year, notices, calendar, first, last) for year in (school_year, school_year + 1)],
        "local_days": [d for d in locals_ if first <= d.day <= last],
        "admissions": admissions,
        "missing": _missing(school_year, stages, terms, calendar) + _missing_lists(admissions, school_year),
    }  # fmt: skip


def _stages(organisation: Organisation) -> list[Stage]:
    """What a school teaches; for an authority, every stage taught below it. The province announces no terms itself."""
    if organisation.level == Level.PROVINCE:
        return []
    taught = Programme.objects.filter(organisation__in=run_by([organisation.pk]), valid_to=None)
    found = set(taught.values_list("stage", flat=True))
    return [stage for stage in Stage if stage in found]


def _term_row(
    stage: Stage, season: Season, term: Term | None, calendar: Calendar, policy: Policy, on: date
) -> dict[str, Any]:
    row: dict[str, Any] = {"stage": stage.label, "season": season.label, "term": term}
    if term is None:
        return row
    days = days_of(term, calendar, policy)
    row["windows"] = [
        {"label": "开学后", "window": days.beginning, "chip": _window_chip(days.beginning, on, calendar)},
        {"label": "学期结束前", "window": days.ending, "chip": _window_chip(days.ending, on, calendar)},
    ]
    answer = days.in_windows(on)
    row["today"] = (
        None if on not in days
        else {"tone": "ok", "text": "今日可以申请"} if answer
        else {"tone": "", "text": "今日不在办理期"} if answer is False
        else {"tone": "warn", "text": "今日暂不能判断"}
    )  # fmt: skip
    return row


def _window_chip(window: Window, on: date, calendar: Calendar) -> Chip:
    """Where today stands to a window."""
    if window.first is None or window.last is None:
        return Chip("provisional", f"{window.missing_year}年待公布")
    if on < window.first:
        return Chip("", "未到")
    if on > window.last:
        return PAST
    return _left(window.last, on, calendar)


def _left(day: date, on: date, calendar: Calendar) -> Chip:
    """Working days left to a day, today not counted."""
    if on > day:
        return PAST
    if on == day:
        return Chip("today", "今日截止")
    try:
        left = calendar.working_between(on, day)
    except UnknownYear as unknown:
        return Chip("provisional", f"{unknown.year}年待公布")
    return Chip("soon" if left <= SOON else "", f"剩{left}个工作日")


def _marks(school_year: int, stages: list[Stage], calendar: Calendar, policy: Policy, on: date) -> list[Mark]:
    closing = last_day_of(policy.values, school_year)
    marks = [Mark(date(school_year, 9, 1), "学年开始", "学年从9月1日起算（假定）", _left(date(school_year, 9, 1), on, calendar))]  # fmt: skip
    if Stage.SENIOR in stages or not stages:
        words = "高一新生学籍注册、全国学籍系统招生调档截止"
        marks.append(Mark(closing, words, "通知二：务必于9月30日前完成，含当日为假定", _left(closing, on, calendar)))
    else:
        marks.append(Mark(closing, "全国学籍系统招生调档截止", "通知二：在9月30日前完成", _left(closing, on, calendar)))
    return marks


def _calendar_year(year: int, notices: list, calendar: Calendar, first: date, last: date) -> dict[str, Any]:
    """The notices of a calendar year, and of each the free and the make-up days that lie in the school year."""
    rows = [
        {
            "notice": notice,
            "free": [(a, b) for a, b in notice.free if a <= last and b >= first],
            "work": [day for day in notice.work if first <= day <= last],
        }
        for notice in notices
        if notice.year == year
    ]
    loaded = year in calendar.years
    return {"year": year, "loaded": loaded, "pending": PENDING, "rows": [r for r in rows if r["free"] or r["work"]]}


def _admissions(organisation: Organisation, year: int) -> dict[str, Any]:
    """The list as imported, and how many of it concern the organisation; which plans are there."""
    own = run_by([organisation.pk])
    senior = Organisation.objects.filter(
        pk__in=own, level=Level.SCHOOL, programmes__stage=Stage.SENIOR, programmes__valid_to=None
    ).distinct()
    planned = set(
        AdmissionPlan.objects.filter(school__in=own, year=year).values_list("school_id", flat=True).distinct()
    )
    imported = AdmissionUpload.objects.filter(year=year, state=UploadState.IMPORTED).order_by("-imported_at").first()
    return {
        "upload": imported,
        "count": Admission.objects.filter(year=year, school__in=own, superseded_at=None).count(),
        "schools": senior.count(),
        "without_plan": [school.short_name for school in senior.order_by("code") if school.pk not in planned],
    }


def _missing(school_year: int, stages: list[Stage], terms: dict, calendar: Calendar) -> list[dict[str, str]]:
    """What is not there yet, what cannot be judged therefore, and who enters it."""
    found = [
        {
            "what": f"{year}年放假安排没有载入（{PENDING}）",
            "so": f"要用到{year}年工作日的到期日和转学办理期只作暂定，不推算",
            "who": "国务院办公厅公布后由州学管中心在工作日历载入",
        }
        for year in (school_year, school_year + 1)
        if year not in calendar.years
    ]
    for season in Season:
        lacking = [stage.label for stage in stages if (stage, season) not in terms]
        if lacking:
            found.append(
                {
                    "what": f"{'、'.join(lacking)}{season.label}没有登记起止日期",
                    "so": "转学办理期、是否跨学期休学不能判断",
                    "who": "由州教育局或县教育局按文件在本页登记",
                }
            )
    return found


def _missing_lists(admissions: dict[str, Any] | None, year: int) -> list[dict[str, str]]:
    """Of the senior highs; None where there are none to speak of."""
    if admissions is None:
        return []
    found = []
    if admissions["upload"] is None:
        found.append(
            {"what": f"{year}年普通高中录取名单没有导入", "so": "高一新生不能注册", "who": "由州学管中心在录取名单导入"}
        )
    if names := admissions["without_plan"]:
        shown = "、".join(names[:5]) + (f"等{len(names)}所" if len(names) > 5 else "")
        found.append(
            {
                "what": f"{year}年招生计划没有下达：{shown}",
                "so": "这些学校不能注册高一新生",
                "who": "由州、县教育局在招生计划下达",
            }
        )
    return found
