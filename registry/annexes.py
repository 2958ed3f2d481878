"""附件1 and 附件2 of a batch: the preview with the check of its figures, and the files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.urls import reverse

from linxia_xueji.enums import Level
from registry.batch_list import with_progress
from registry.documents.annex1 import Annex1, annex1_sheet
from registry.documents.annex2 import Annex2, annex2_sheet
from registry.documents.gather import annex1_of, annex2_of
from registry.models import CorrectionLetter, EnrolmentBatch, PaperReceipt
from registry.paper_enums import PaperKind
from registry.paper_files import PaperFile, paper_file, seal_note
from registry.plans import in_force

FORMS = {"annex1": "附件1", "annex2": "附件2"}
TITLES = {"annex1": "附件1 审批表", "annex2": "附件2 登记表"}
FORMATS = ("pdf", "xlsx")
GATHERERS = {"annex1": annex1_of, "annex2": annex2_of}
PAGE_SIZE = 50


@dataclass(frozen=True)
class Check:
    """One line of 数据核对: tone ok, warn or bad, what was checked and what was found."""

    tone: str
    label: str
    fact: str
    url: str = ""


def file_of(
    batch: EnrolmentBatch,
    form: str,
    format: str,
    on: date,
    *,
    by,
    site: str = "",
    progress: Callable[[int], None] | None = None,
) -> tuple[PaperFile, int]:
    """The form as a file that can be checked, and how many students it carries.

    :param by: who takes it out, None on the command line.
    :param site: beginning of the portal's address, for the QR.
    :param progress: called with the number of rows set, where the form is a long PDF.
    """
    data = GATHERERS[form](batch, on)
    students = len(data.rows) if form == "annex2" else 0
    return paper_file(PaperKind(form), format, batch, data, by=by, site=site, progress=progress), students


def annex_page(batch: EnrolmentBatch, form: str, on: date) -> dict[str, Any]:
    """The sheet as on paper, ID numbers masked, and the check of its figures."""
    annex1, annex2 = annex1_of(batch, on), annex2_of(batch, on, masked=True)
    sheet = annex1_sheet(annex1) if form == "annex1" else annex2_sheet(annex2)
    return {
        "batch": batch,
        "seal_note": seal_note(batch.school),
        "form_code": form,
        "title": TITLES[form],
        "sheet": sheet,
        "rows": [(f"r{n}", row) for n, row in enumerate(sheet.rows)] if form == "annex2" else [],
        "first": True,
        "last": True,
        "checks": checks(batch, annex1, annex2),
        "tabs": [
            {
                "label": words,
                "url": reverse("registry:annex", args=[batch.pk, code]),
                "count": None,
                "current": code == form,
            }
            for code, words in TITLES.items()
        ],
    }


def checks(batch: EnrolmentBatch, annex1: Annex1, annex2: Annex2) -> list[Check]:
    """What a person would compare by hand before signing; what needs a look stands first."""
    found = [_plan(batch, annex2), _same(annex1, annex2), _run(annex2), _letters(batch), *_boxes(batch, annex1)]
    order = ("bad", "warn", "ok")
    return sorted(filter(None, found), key=lambda check: order.index(check.tone))


def _plan(batch: EnrolmentBatch, annex2: Annex2) -> Check:
    plan, count = in_force(batch.school, batch.year), len(annex2.rows)
    if plan is None:
        return Check("bad", "未下达招生计划", f"申请{count}人")
    within = count <= plan.count
    return Check("ok" if within else "bad", "未超计划" if within else "超出计划", f"计划{plan.count}人，申请{count}人")


def _same(annex1: Annex1, annex2: Annex2) -> Check:
    count = len(annex2.rows)
    applied = annex1.school.applied if annex1.school else None
    agreed = annex1.prefecture.agreed if annex1.prefecture else None
    if applied is None:
        return Check("warn", "学校栏未签署", f"附件2共{count}行，校长确认后填入附件1")
    if count in (applied, agreed):
        return Check("ok", "与附件2名单一致", f"附件2共{count}行")
    return Check("warn", "与附件2名单不同", f"附件1申请{applied}人，附件2现有{count}行，有学生被核减或学号已作废")


def _run(annex2: Annex2) -> Check:
    numbers = sorted(row.student_number for row in annex2.rows)
    if not numbers or not all(numbers):
        return Check("warn", "没有学号", "没有申请注册的学生，或学校还没有学号学校码")
    if len(set(numbers)) != len(numbers):
        return Check("bad", "学号有重号", f"{numbers[0]}至{numbers[-1]}")
    whole = int(numbers[-1]) - int(numbers[0]) + 1 == len(numbers)
    fact = f"{numbers[0]}至{numbers[-1]}，共{len(numbers)}个"
    return (
        Check("ok", "学号连续、无重号", fact)
        if whole
        else Check("warn", "学号有间隔、无重号", f"{fact}，省厅批复留有间隔或有学号作废")
    )


def _letters(batch: EnrolmentBatch) -> Check | None:
    letters = CorrectionLetter.objects.filter(candidate__batch=batch, candidate__struck_on=None, declined_on=None)
    asked, issued = (
        letters.filter(issued_on=None).count(),
        letters.filter(issued_on__isnull=False).values("candidate").distinct().count(),
    )
    url = reverse("registry:letters")
    if asked:
        return Check("bad", f"{asked}份更正便函未出具", "由学生中考报名所在县市教育局出具", url)
    return (
        Check("warn", f"{issued}人信息更正", "须附县市教育局更正便函和证明材料", f"{url}?state=issued")
        if issued
        else None
    )


def _boxes(batch: EnrolmentBatch, annex1: Annex1) -> list[Check]:
    named = [("county", "县级审批栏")] if batch.school.at(Level.COUNTY) else []
    found = []
    for box, words in [*named, ("prefecture", "州级审批栏")]:
        filled = getattr(annex1, box) is not None
        found.append(
            Check(
                "ok" if filled else "warn",
                f"{words}{'已填' if filled else '未填'}",
                "审核通过时填入并签署" if not filled else "按已签署的数据填入",
            )
        )
    return found


def annex_list(user, data) -> dict[str, Any]:
    """Batches with links to their forms, the latest year first."""
    batches = with_progress(EnrolmentBatch.objects.visible_to(user).exclude(request__state="retracted"))
    batches = batches.prefetch_related(Prefetch("receipts", PaperReceipt.objects.order_by("-pk"))).order_by(
        "-year", "school__code", "-sequence"
    )
    return {"page": Paginator(batches, PAGE_SIZE).get_page(data.get("page"))}
