"""What a list is checked against besides itself: counties, the senior highs of a year, a maximum score."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from linxia_xueji.identity import half_width, without_blanks

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
