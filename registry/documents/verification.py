"""信息核查报告 on A4: who has attested, what was found, what is left (its form is assumed)."""

from dataclasses import dataclass

from registry.documents.mark import Mark
from registry.documents.page import page_pdf


@dataclass(frozen=True)
class ReportLine:
    """One county or school with its figures in the order of the heads."""

    label: str
    figures: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """The report in words; date and seal blank for hand and stamp."""

    title: str
    office: str
    roster_day: str
    day: str
    by: str
    heads: tuple[str, ...]
    lines: tuple[ReportLine, ...]
    sums: tuple[int, ...]
    kinds: tuple[tuple[str, int], ...]


def verification_pdf(report: Report, mark: Mark | None = None) -> bytes:
    """The report as PDF. :param mark: for the upper margin."""
    return page_pdf("registry/documents/verification", {"report": report}, mark, css="registry/documents/letter.css")
