"""Opening a comparison, taking in its files, and saying which column is which."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from approvals.terms import school_year_of, terms_of
from linxia_xueji import files, sandbox
from linxia_xueji.access import access_of
from linxia_xueji.dates import now
from linxia_xueji.enums import Permission, Stage
from linxia_xueji.identity import masked
from linxia_xueji.models import Organisation, User, scope_of
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record
from registry.admissions.cells import is_blank, text_of
from registry.admissions.reading import HEADER_WITHIN
from registry.admissions.staging import LARGEST, XLSX
from registry.comparing import tasks
from registry.comparing.enums import FILES, ComparisonState, System
from registry.comparing.fields import BY_KEY, lacking, proposed
from registry.models import ColumnMapping, Comparison, ComparisonFile
from registry.roster.reading import LIMITS, ROOM

_LIKE_A_HEADER = 3
"""Cells with words in them that a row of headers has at least."""


def may_compare(user: User, prefecture: Organisation | None) -> bool:
    """Whether the person carries out comparisons: the centre (由州教育局学管中心, notice 三（一）2)."""
    return prefecture is not None and access_of(user).may(Permission.DECIDE_AS_PREFECTURE, prefecture)


def _require(user: User, prefecture: Organisation) -> None:
    if not may_compare(user, prefecture):
        raise Refusal("国网、省网比对由州教育局学管中心进行")


def terms_to_compare(prefecture: Organisation, on: date) -> list[tuple[str, str]]:
    """The terms of senior highs that hold for the prefecture and have begun, the latest first; (code, words)."""
    found = []
    for year in (school_year_of(on), school_year_of(on) - 1, school_year_of(on) + 1):
        found += [
            t for (stage, _), t in terms_of(prefecture, year).items() if stage == Stage.SENIOR and t.starts_on <= on
        ]
    found.sort(key=lambda t: t.starts_on, reverse=True)
    return [(f"{t.school_year}-{t.season}", f"{t.school_year}学年{t.get_season_display()}") for t in found[:3]]


@transaction.atomic
def open_comparison(*, prefecture: Organisation, term: str, by: User) -> Comparison:
    """Open the next comparison of a term. :param term: code from `terms_to_compare`.

    :raises Refusal: without the right, and while another is not done.
    """
    _require(by, prefecture)
    year, season = term.split("-")
    last = Comparison.objects.filter(prefecture=prefecture, school_year=int(year), season=season).aggregate(
        n=Max("number")
    )
    try:
        with transaction.atomic():
            made = Comparison.objects.create(
                prefecture=prefecture, school_year=int(year), season=season, number=(last["n"] or 0) + 1, opened_by=by,
                opened_at=now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal("上一次比对还没有完成，请先完成后再发起") from error
    record(action="发起国网省网比对", by=by, target=made, organisation=prefecture)
    return made


@transaction.atomic
def receive(*, comparison: Comparison, system: str, content: bytes, name: str, by: User) -> ComparisonFile:
    """Keep the export of a system; columns known by the same headers are taken over, the others proposed.

    :raises Refusal: without the right, too late, no workbook, or no row that looks like headers.
    """
    comparison = _open(comparison, by)
    if len(content) > LARGEST:
        raise Refusal(f"文件超过{LARGEST // 1024 // 1024}MB，请只导出普通高中学生和需要比对的列后再上传")
    sheet, header_row, header = _header(content)
    use = files.keep(
        content=content, name=name, content_type=XLSX, purpose=f"{System(system).label}比对名册",
        scope=scope_of(comparison.prefecture), by=by,
    )  # fmt: skip
    headers = ["" if is_blank(cell) else text_of(cell)[:60] for cell in header]
    mapping = _remembered(comparison.prefecture, system, headers)
    columns = {key: headers.index(word) for key, word in mapping.columns.items()} if mapping else proposed(header)
    upload, _ = ComparisonFile.objects.update_or_create(
        comparison=comparison, system=system,
        defaults={
            "file": use, "sheet": sheet, "header_row": header_row, "headers": headers, "mapping": mapping, "columns": columns,
            "rows": 0, "skipped": 0, "faults": [], "fault_count": 0, "uploaded_by": by, "uploaded_at": now(),
        },
    )  # fmt: skip
    record(
        action="上传比对名册", by=by, target=upload, organisation=comparison.prefecture, after={"file": use.stored_id}
    )
    return upload


def _open(comparison: Comparison, by: User) -> Comparison:
    comparison = (
        Comparison.objects.select_for_update(of=("self",)).select_related("prefecture__parent").get(pk=comparison.pk)
    )
    _require(by, comparison.prefecture)
    if comparison.state != ComparisonState.OPEN:
        raise Refusal(f"此次比对{comparison.get_state_display()}，名册不能再改，页面已更新")
    return comparison


def _header(content: bytes) -> tuple[str, int, list[Any]]:
    """Sheet, row as Excel counts it and cells of the headers: the row with most columns we know, else with most words."""
    sheets = sandbox.run("registry.comparing.opening:heads", content, tuple(ROOM), HEADER_WITHIN, limits=LIMITS)
    found = [
        (len(proposed(row)), words, name, number, row, len(rows) > number)
        for name, rows in sheets
        for number, row in enumerate(rows[:HEADER_WITHIN], 1)
        if (words := sum(isinstance(c, str) and not is_blank(c) for c in row)) >= _LIKE_A_HEADER
    ]
    if not found:
        raise Refusal(f"前{HEADER_WITHIN}行里没有找到表头，请上传系统导出的名册，表头至少有{_LIKE_A_HEADER}列")
    _, _, name, number, row, more = max(found, key=lambda f: (f[0], f[1] if f[0] else 0, -f[3]))
    if not more:
        raise Refusal("表头下面没有学生，请重新导出后再上传")
    return name[:100], number, row


def _remembered(prefecture: Organisation, system: str, headers: list[str]) -> ColumnMapping | None:
    kept = ColumnMapping.objects.filter(prefecture=prefecture, system=system, headers=headers)
    return kept.order_by("saved_at", "pk").last()


@transaction.atomic
def map_columns(*, upload: ComparisonFile, columns: dict[str, int], name: str, by: User) -> ComparisonFile:
    """Say which column is which, and keep it by name; the same name is given anew.

    :raises Refusal: without the right, too late, a column taken twice, or too few to compare by.
    """
    comparison = _open(upload.comparison, by)
    if why := lacking(columns):
        raise Refusal(why)
    if len(set(columns.values())) < len(columns):
        raise Refusal("同一列对应了两项，请每列只选一次")
    if not name.strip():
        raise Refusal("请填写列对应的名称，下次上传同样表头的名册时自动采用")
    headers = upload.headers
    if any(headers.index(headers[place]) != place for place in columns.values()):
        raise Refusal("选中的列有重名的列，请在原文件中改名后重新上传")
    mapping, _ = ColumnMapping.objects.update_or_create(
        prefecture=comparison.prefecture, system=upload.system, name=name.strip(),
        defaults={
            "headers": headers, "columns": {key: headers[place] for key, place in columns.items()}, "saved_by": by,
            "saved_at": now(),
        },
    )  # fmt: skip
    upload.mapping, upload.columns = mapping, columns
    upload.save(update_fields=["mapping", "columns"])
    told = "、".join(f"{BY_KEY[key].label}：{headers[place]}" for key, place in columns.items())
    record(
        action="对应比对名册的列",
        by=by,
        target=upload,
        organisation=comparison.prefecture,
        after={"name": mapping.name, "fields": told},
    )
    return upload


@transaction.atomic
def start(*, comparison: Comparison, by: User) -> Comparison:
    """Leave the comparison to the worker. :raises Refusal: while a file or its columns are missing."""
    comparison = _open(comparison, by)
    if why := missing(comparison):
        raise Refusal(why)
    comparison.state, comparison.error, comparison.phase, comparison.done = ComparisonState.WAITING, "", "", 0
    comparison.save(update_fields=["state", "error", "phase", "done"])
    record(action="开始国网省网比对", by=by, target=comparison, organisation=comparison.prefecture)
    tasks.run_later(comparison)
    return comparison


def missing(comparison: Comparison) -> str:
    """What there must be before it can start, or ""."""
    uploads = {upload.system: upload for upload in comparison.files.all()}
    for system in FILES:
        if system not in uploads:
            return f"请先上传{system.label}名册"
        if uploads[system].mapping_id is None:
            return f"请先核对并保存{system.label}名册的列对应"
    return ""


def samples(upload: ComparisonFile) -> list[str]:
    """What stands in the first row below the headers, whatever could be a number masked."""
    sheets = sandbox.run(
        "registry.comparing.opening:heads", files.read(upload.file), tuple(ROOM), HEADER_WITHIN, limits=LIMITS
    )
    rows = next(rows for name, rows in sheets if name[:100] == upload.sheet)
    row = rows[upload.header_row] if len(rows) > upload.header_row else []
    texts = ["" if is_blank(cell) else text_of(cell) for cell in row]
    return [masked(t) if sum(c.isdigit() for c in t) >= 15 else t[:30] for t in texts]
