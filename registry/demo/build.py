"""Making the demonstration: accounts, then two years of plans, lists and batches, each deed on its day."""

from datetime import date
from random import Random

from django.db import transaction

from approvals.calendar_entry import enter_local_day
from approvals.models import LocalDay, Season
from approvals.terms_entry import enter_terms
from linxia_xueji.dates import today
from linxia_xueji.enums import Level, Role, Stage
from linxia_xueji.models import Division, Organisation
from registry.admissions import importing, staging
from registry.demo.accounts import add_schools, give_last_visits, make_accounts
from registry.demo.chapters import Deed, Scene, chapters
from registry.demo.clock import on_day
from registry.demo.deeds import Batch, People, workday
from registry.demo.lists import Place, admitted, workbook
from registry.demo.names import People as Pupils
from registry.demo.story import LAST_YEAR, THIS_YEAR, Story, season_of
from registry.plans import set_plan


@transaction.atomic
def build(*, seed: int) -> int:
    """Fill the database with the demonstration as of today, all of it or nothing; returns the number of accounts.

    :param seed: the same seed on the same day makes the same people, lists and batches.
    """
    random = Random(seed)  # noqa: S311 - invented people, no secret
    until = today()
    year = season_of(until)
    stories = {year - 1: LAST_YEAR, year: THIS_YEAR}
    codes = {story.school for season in stories.values() for story in season}
    schools = {s.code: s for s in Organisation.objects.filter(code__in=codes).order_by("code")}
    people = make_accounts(schools=list(schools.values()), since=date(year - 1, 6, 1), random=random)
    pupils = Pupils(random)
    agenda: list[tuple[date, Deed]] = []
    for season, of_year in stories.items():
        agenda += _season(season, of_year, schools, people, pupils, random)
    agenda.append((date(year, 9, 9), lambda day: _close_a_county(workday(date(year, 9, 11)), people)))
    for number, chapter in enumerate(chapters(), 1):
        own = Random(f"{seed} {number}")  # noqa: S311
        more = Organisation.objects.filter(code__in=chapter.schools).exclude(code__in=codes).order_by("code")
        add_schools(people, list(more), since=date(year - 1, 6, 1), random=own)
        agenda += chapter.deeds(Scene(year, until, people, own))
    # Deeds of one day keep their order; what the story puts in the future has happened by today.
    for day, deed in sorted(((min(day, until), deed) for day, deed in agenda), key=lambda item: item[0]):
        with on_day(day):
            deed(day)
    give_last_visits(people, until=until, random=random)
    return len(people)


def _season(
    year: int,
    stories: tuple[Story, ...],
    schools: dict[str, Organisation],
    people: People,
    pupils: Pupils,
    random: Random,
) -> list[tuple[date, Deed]]:
    def plans(day: date) -> None:
        for story in stories:
            _issue_plan(story, schools[story.school], year, people, day)

    def import_list(day: date) -> None:
        _import_list(stories, schools, year, people, pupils, random, day)

    batches = [Batch(story, schools[story.school], year, people) for story in stories]
    deeds = [deed for batch in batches for deed in batch.agenda()]
    terms = (date(year, 7, 20), lambda day: _announce_terms(year, people))
    return [(date(year, 7, 6), plans), terms, (date(year, 8, 18), import_list), *deeds]


def _announce_terms(year: int, people: People) -> None:
    """The prefecture's terms of a school year; 和政县 opens its primary schools and junior highs two days later."""
    prefecture = Organisation.objects.get(level=Level.PREFECTURE)
    centre = people[Role.CENTRE, prefecture.code]
    document = f"临州教基发〔{year}〕18号（示例）"
    for season, starts, ends in (
        (Season.AUTUMN, date(year, 9, 1), date(year + 1, 1, 15)),
        (Season.SPRING, date(year + 1, 3, 1), date(year + 1, 7, 9)),
    ):
        enter_terms(
            organisation=prefecture, stages=Stage, school_year=year, season=season, starts_on=starts, ends_on=ends,
            document_number=document, by=centre,
        )  # fmt: skip
    county = Organisation.objects.get(code="622925")
    enter_terms(
        organisation=county, stages=(Stage.PRIMARY, Stage.JUNIOR), school_year=year, season=Season.AUTUMN,
        starts_on=date(year, 9, 3), ends_on=date(year + 1, 1, 15), document_number=f"和政教发〔{year}〕16号（示例）",
        by=people[Role.COUNTY_HEAD, county.code],
    )  # fmt: skip


def _close_a_county(free: date, people: People) -> None:
    """和政县 closes its offices for a day: due dates there move and say why."""
    county = Organisation.objects.get(code="622925")
    number = f"和政教发〔{free.year}〕21号（示例）"
    head = people[Role.COUNTY_HEAD, county.code]
    enter_local_day(organisation=county, day=free, kind=LocalDay.Kind.FREE, document_number=number, by=head)


def _issue_plan(story: Story, school: Organisation, year: int, people: People, day: date) -> None:
    """The county issues the plan of its schools, the prefecture that of its own (州、县下达)."""
    county = school.at(Level.COUNTY)
    issuer = county or school.at(Level.PREFECTURE)
    head = people[Role.COUNTY_HEAD if county else Role.CENTRE, issuer.code]
    number = f"{issuer.division.short_name}教招发〔{year}〕3号（示例）"
    set_plan(school=school, year=year, count=story.plan, issuer=issuer, document_number=number, issued_on=day, by=head)


def _import_list(
    stories: tuple[Story, ...],
    schools: dict[str, Organisation],
    year: int,
    people: People,
    pupils: Pupils,
    random: Random,
    day: date,
) -> None:
    """The centre imports the list of the examination office: received, checked, put in force."""
    places = [
        Place(school.name_on(day), school.division_id, story.students, from_everywhere=school.at(Level.COUNTY) is None)
        for story in stories
        for school in [schools[story.school]]
    ]
    rows = admitted(places=places, year=year, people=pupils, random=random)
    content = workbook(rows, dict(Division.objects.values_list("code", "name")))
    prefecture = next(iter(schools.values())).at(Level.PREFECTURE)
    centre = people[Role.CENTRE, prefecture.code]
    upload = staging.receive(
        content=content, name=f"{year}年普通高中录取名单（示例）.xlsx", year=year, organisation=prefecture, by=centre
    )
    staging.stage(upload, on=day)
    importing.apply(upload, by=centre, only_clean=False)
