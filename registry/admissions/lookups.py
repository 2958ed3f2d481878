"""What a list is checked against besides itself: counties, the senior highs of a year, a maximum score."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from linxia_xueji.enums import Level, Stage
from linxia_xueji.identity import half_width, without_blanks
from linxia_xueji.models import Organisation
from linxia_xueji.policy import in_force

_ABOVE = ("甘肃省", "临夏回族自治州", "临夏州")
_COUNTY_END = re.compile(r"(市|县)$")
_ORDINAL = re.compile(r"第([一二三四五六七八九十]+)(?=中学)")


def _below(text: str) -> str:
    """The name without the province and the prefecture before it."""
    for prefix in _ABOVE:
        if text.startswith(prefix) and len(text) - len(prefix) >= 2:
            text = text.removeprefix(prefix)
    return text


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Spelling → code, leaving out a spelling that two of them share: a guess would send a student elsewhere."""
    found: dict[str, set[str]] = {}
    for spelling, code in pairs:
        found.setdefault(spelling, set()).add(code)
    return {spelling: codes.pop() for spelling, codes in found.items() if len(codes) == 1}


@dataclass(frozen=True, slots=True)
class Lookups:
    """Spellings → codes, made by `build` or `from_database`.

    :param year: year of entry the schools' names and programmes are those of.
    :param county_names: division code → (full name, short name), in order of code.
    :param school_names: code of each senior high → its present name first, then others of the year.
    :param max_score: the highest 中考成绩 possible, None where none is set.
    """

    year: int
    county_names: Mapping[str, tuple[str, str]]
    school_names: Mapping[str, tuple[str, ...]]
    max_score: Decimal | None = None
    _counties: Mapping[str, str] = field(init=False, repr=False, default_factory=dict)
    _schools: Mapping[str, str] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_counties", _unambiguous(self._county_spellings()))
        object.__setattr__(self, "_schools", _unambiguous(self._school_spellings()))

    def _county_spellings(self) -> Iterable[tuple[str, str]]:
        for code, names in self.county_names.items():
            yield code, code
            for spelling in names:
                yield spelling, code
                yield _COUNTY_END.sub("", spelling), code

    def _school_spellings(self) -> Iterable[tuple[str, str]]:
        for code, names in self.school_names.items():
            yield code, code
            for spelling in names:
                yield self._school_key(spelling), code

    def _school_key(self, text: str) -> str:
        """One spelling for 东乡族自治县第一中学 and 东乡县一中, 回民中学 and 回中."""
        key = _below(half_width(without_blanks(text)))
        for full, short in self.county_names.values():
            if key.startswith(full):
                key = short + key.removeprefix(full)
        key = _ORDINAL.sub(r"\1", key)
        return re.sub(r"(?<=[一二三四五六七八九十])中学", "中", key).replace("回民中学", "回中")

    def county(self, text: str) -> str | None:
        """The division code of a county's name, None if it is none of them."""
        return self._counties.get(_below(text).removesuffix("教育局"))

    def school(self, text: str) -> str | None:
        """The code of a senior high of the prefecture, None if it is none of them."""
        return self._schools.get(text) or self._schools.get(self._school_key(text))


def from_database(year: int, on: date) -> Lookups:
    """Counties, the senior highs of a year of entry under the names they bore in it, the maximum score set on a day.

    Reads organisations, programmes and settings only: no plans, no earlier lists.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    counties = Organisation.objects.filter(level=Level.COUNTY).select_related("division").order_by("division_id")
    schools = (
        Organisation.objects.filter(
            Q(programmes__valid_to=None) | Q(programmes__valid_to__gt=first),
            Q(valid_to=None) | Q(valid_to__gt=first),
            programmes__stage=Stage.SENIOR,
            programmes__valid_from__lte=last,
        )
        .distinct()
        .order_by("code")
        .prefetch_related("names")
    )
    prefecture = Organisation.objects.filter(level=Level.PREFECTURE).order_by("code").first()
    maximum = in_force(prefecture, on)["admission.max_score"]
    return Lookups(
        year=year,
        county_names={c.division_id: (c.division.name, c.division.short_name) for c in counties},
        school_names={school.code: _names_between(school, first, last) for school in schools},
        max_score=None if maximum is None else Decimal(str(maximum)),
    )


def _names_between(school: Organisation, first: date, last: date) -> tuple[str, ...]:
    """Every name borne on some day of the period, the latest first."""
    borne = [name for name in sorted(school.names.all(), key=lambda n: n.valid_from) if name.valid_from <= last]
    kept = [
        name
        for name, successor in zip(borne, [*borne[1:], None], strict=True)
        if successor is None or successor.valid_from > first
    ]
    spellings = [text for name in reversed(kept) for text in (name.name, name.short_name)]
    return tuple(dict.fromkeys(spellings or [school.name, school.short_name]))
