"""Sheets and notices of 学籍变动, each on one upright A4 page; signatures, seals and dates stay blank for hand and stamp.

The notice gives no form for any of them. What it calls 附件格式 of 退学 (三（二）3) did not come with it either: the forms are
assumed, and each sheet says so small in its margin.
"""

from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from registry.documents.mark import Mark
from registry.documents.page import page_pdf

LONG = 28
"""How wide a value may be, in half-width characters, to stand side by side with another."""
LETTER_CSS = "registry/documents/letter.css"
SHEET_CSS = "transfers/documents/sheet.css"


@dataclass(frozen=True)
class Line:
    """One cell of a sheet: what it is called, and what it says."""

    label: str
    value: str


@dataclass(frozen=True)
class Compared:
    """One field of key information: as it is, as it is to become."""

    label: str
    now: str
    new: str


@dataclass(frozen=True)
class Paper:
    """A paper that is asked for, and whether its scan has been handed in."""

    label: str
    present: bool


@dataclass(frozen=True)
class Box:
    """Where somebody signs and seals: the step, the office."""

    label: str
    office: str


@dataclass(frozen=True)
class ApprovalSheet:
    """申请审批表 of one application; `note` says what of its form is assumed."""

    title: str
    number: str
    student: tuple[Line, ...]
    particulars: tuple[Line, ...]
    sides: tuple[Compared, ...]
    applicant: str
    applied_on: str
    reason: str
    papers: tuple[Paper, ...]
    boxes: tuple[Box, ...]
    note: str


@dataclass(frozen=True)
class BaseInfoSheet:
    """学生学籍基础信息表 of one enrolment, to be stamped by its school."""

    title: str
    student: tuple[Line, ...]
    standings: tuple[Line, ...]
    boxes: tuple[Box, ...]
    note: str


@dataclass(frozen=True)
class Notice:
    """受理通知书: 受理号, the last day, and whom to ask."""

    number: str
    to: str
    text: str
    facts: tuple[Line, ...]
    ask: str
    issuer: str
    note: str


@dataclass(frozen=True)
class Ground:
    """One reason of a refusal: what was found, and the words of the rule."""

    fact: str
    clause: str


@dataclass(frozen=True)
class RefusalNotice:
    """不予…通知书: the conclusion with its facts and clauses, and what the office wrote."""

    title: str
    number: str
    to: str
    text: str
    grounds: tuple[Ground, ...]
    opinion: str
    ask: str
    issuer: str
    note: str


def in_rows(lines: tuple[Line, ...]) -> list[list[Line]]:
    """Cells two by two; a long one, or one left over, has a row of its own."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and len(rows[-1]) == 1 and _is_short(line) and _is_short(rows[-1][0]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _is_short(line: Line) -> bool:
    return sum(1 + (east_asian_width(char) in "WFA") for char in line.value) <= LONG


def _set(name: str, css: str, content: Any, mark: Mark | None) -> bytes:
    grids = {key: in_rows(getattr(content, key)) for key in ("student", "particulars") if hasattr(content, key)}
    return page_pdf(f"transfers/documents/{name}", {"paper": content, **grids}, mark, css=css)


def approval_pdf(sheet: ApprovalSheet, mark: Mark | None = None) -> bytes:
    """申请审批表 as PDF. :param mark: for the upper margin."""
    return _set("approval", SHEET_CSS, sheet, mark)


def base_info_pdf(sheet: BaseInfoSheet, mark: Mark | None = None) -> bytes:
    """学生学籍基础信息表 as PDF. :param mark: for the upper margin."""
    return _set("base_info", SHEET_CSS, sheet, mark)


def notice_pdf(notice: Notice, mark: Mark | None = None) -> bytes:
    """受理通知书 as PDF. :param mark: for the upper margin."""
    return _set("notice", LETTER_CSS, notice, mark)


def refusal_pdf(notice: RefusalNotice, mark: Mark | None = None) -> bytes:
    """不予…通知书 as PDF. :param mark: for the upper margin."""
    return _set("refusal", LETTER_CSS, notice, mark)
