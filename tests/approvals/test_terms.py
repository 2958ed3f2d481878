"""Terms: entered by document, holding downwards, closed and never overwritten."""

from datetime import date

import pytest

from approvals.models import Season, Term
from approvals.terms import entered_below, school_year_of, term_on, terms_of
from approvals.terms_entry import enter_terms, revoke_term
from linxia_xueji.enums import Role, Stage
from linxia_xueji.models import TrailEntry
from linxia_xueji.refusal import Refusal
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE

AUTUMN = {"season": "autumn", "starts_on": date(2026, 9, 1), "ends_on": date(2027, 1, 15)}


def enter(world, code=PREFECTURE, by=None, **more):
    given = {"stages": ["senior"], "school_year": 2026, "document_number": "临州教基发〔2026〕18号"} | AUTUMN | more
    by = by or (world.centre if code == PREFECTURE else world.user(Role.COUNTY_HEAD, code))
    return enter_terms(organisation=world.organisation(code), by=by, **given)


def test_the_nearest_entry_holds(world):
    enter(world, stages=["senior", "junior"])
    enter(world, COUNTY, starts_on=date(2026, 8, 28), document_number="广教发1号")
    near, far = world.organisation(COUNTY_SCHOOL), world.organisation(OTHER_SCHOOL)
    assert terms_of(near, 2026)["senior", "autumn"].starts_on == date(2026, 8, 28)
    assert terms_of(near, 2026)["junior", "autumn"].starts_on == terms_of(far, 2026)["senior", "autumn"].starts_on
    assert terms_of(near, 2025) == {}
    assert term_on(near, "senior", date(2026, 8, 31)).document_number == "广教发1号"
    assert term_on(far, "senior", date(2026, 8, 31)) is None
    assert term_on(far, "senior", date(2027, 1, 15)).season == Season.AUTUMN
    assert term_on(far, "primary", date(2026, 9, 15)) is None
    (below,) = entered_below(world.organisation(PREFECTURE), 2026)
    assert below.organisation.code == COUNTY and entered_below(world.organisation(COUNTY), 2026) == []
    assert (school_year_of(date(2027, 8, 31)), school_year_of(date(2027, 9, 1))) == (2026, 2027)


def test_a_later_entry_closes_the_earlier_and_leaves_a_trail(world):
    (first,) = enter(world)
    second, junior = enter(world, stages=["senior", "junior"], starts_on=date(2026, 9, 2))
    first.refresh_from_db()
    assert first.revoked_at and first.revoked_by == world.centre
    assert (second.stage, junior.stage) == (Stage.SENIOR, Stage.JUNIOR)
    entry = TrailEntry.objects.get(action="登记学期", target_id=str(second.pk))
    assert (entry.before["starts_on"], entry.after["starts_on"]) == ("2026-09-01", "2026-09-02")
    with pytest.raises(Refusal, match="不必重复登记"):
        enter(world, starts_on=date(2026, 9, 2))


@pytest.mark.parametrize(
    ("given", "words"),
    [({"document_number": " "}, "没有填写文号"), ({"document_number": "号" * 61}, "超过60个字"),
     ({"starts_on": date(2027, 1, 15)}, "不早于最后一天"), ({"school_year": 2027}, "请核对学年和日期"),
     ({"ends_on": date(2027, 4, 1)}, "请核对学年和日期"), ({"season": "spring"}, "请核对学年和日期")],
)  # fmt: skip
def test_what_cannot_be_is_refused(world, given, words):
    with pytest.raises(Refusal, match=words):
        enter(world, **given)
    assert not Term.objects.exists()


def test_terms_do_not_overlap(world):
    enter(world)
    with pytest.raises(Refusal, match="重叠"):
        enter(world, season="spring", starts_on=date(2027, 1, 10), ends_on=date(2027, 7, 9))
    enter(world, season="spring", starts_on=date(2027, 3, 1), ends_on=date(2027, 7, 9))


def test_only_who_keeps_the_calendar_and_never_a_school(world):
    for code, by in ((COUNTY, world.county), (PREFECTURE, world.user(Role.COUNTY_HEAD, COUNTY))):
        with pytest.raises(Refusal, match="没有登记.*学期的权限"):
            enter(world, code, by=by)
    with pytest.raises(Refusal, match="学校不单独登记"):
        enter(world, COUNTY_SCHOOL, by=world.centre)


def test_a_term_is_taken_back_by_document(world):
    enter(world)
    (own,) = enter(world, COUNTY, starts_on=date(2026, 8, 28))
    head, school = world.user(Role.COUNTY_HEAD, COUNTY), world.organisation(COUNTY_SCHOOL)
    with pytest.raises(Refusal, match="没有填写文号"):
        revoke_term(term=own, document_number="", by=head)
    revoke_term(term=own, document_number="广教发2号", by=head)
    assert terms_of(school, 2026)["senior", "autumn"].organisation.code == PREFECTURE
    with pytest.raises(Refusal, match="不必重复停用"):
        revoke_term(term=own, document_number="广教发3号", by=head)
