"""The province's reply recorded by the centre, numbers included: its numbers win, gaps allowed; no decision of the recorder."""

import re
from datetime import date
from typing import Any

from approvals.kinds import Deed
from linxia_xueji.dates import now
from linxia_xueji.models import FileUse
from linxia_xueji.refusal import Refusal
from registry.admissions.reading import read_table
from registry.facts import applicants
from registry.models import EnrolmentBatch, ProvinceReply
from registry.numbers import issue, proposed

REPLY = {"numbers", "scan", "sheet", "document_number", "replied_on"}
"""What the move `record` must bring with it."""


def read_numbers(batch: EnrolmentBatch, content: bytes) -> dict[int, str]:
    """Candidate id → number from the province's Excel with the columns 准考证号 and 学号.

    :raises Refusal: with every line that does not fit; nothing is recorded then.
    """
    people = {p.exam_number: p for p in applicants(batch)}
    given: dict[int, str] = {}
    faults = []
    for row, exam_number, number in read_table(content, ("准考证号", "学号")):
        person = people.get(exam_number)
        if person is None:
            faults.append(f"第{row}行：准考证号{exam_number}不在本批次申请名单内")
        elif not re.fullmatch(r"\d{12}", number):
            faults.append(f"第{row}行：学号“{number}”不是12位数字")
        elif person.pk in given or number in given.values():
            faults.append(f"第{row}行：准考证号或学号重复")
        else:
            given[person.pk] = number
    if faults:
        raise Refusal("学号表有问题，没有登记，请更正后重新上传", items=faults)
    if not given:
        raise Refusal("学号表中没有学号，请检查文件")
    return given


def differences(batch: EnrolmentBatch, given: dict[int, str]) -> list[dict[str, str]]:
    """Where the province's numbers differ from those proposed, student by student; a student without a number was not agreed to."""
    ours = proposed(batch)
    names = {p.pk: p for p in applicants(batch)}
    return [
        {"exam_number": names[pk].exam_number, "name": names[pk].name, "proposed": number, "given": given.get(pk, "")}
        for pk, number in ours.items()
        if given.get(pk) != number
    ]


def record_reply(deed: Deed) -> dict[str, Any]:
    """Carry out a recorded reply: the reply with its papers, then the numbers as given.

    :raises Refusal: where document, day, scan or numbers are missing, or a number is taken.
    """
    batch, inputs = deed.request.batch, deed.inputs
    if not REPLY <= inputs.keys():
        raise Refusal("登记省厅批复须有文号、批复日期、扫描件和学号表")
    given: dict[int, str] = inputs["numbers"]
    scan: FileUse = inputs["scan"]
    replied_on: date = inputs["replied_on"]
    if replied_on > deed.on:
        raise Refusal("批复日期不能晚于今天")
    differing = differences(batch, given)
    ProvinceReply.objects.create(
        batch=batch, document_number=inputs["document_number"], replied_on=replied_on, scan=scan, numbers=inputs["sheet"],
        differences=differing, recorded_by=deed.by, recorded_at=now(),
    )  # fmt: skip
    left_out = [p for p in applicants(batch) if p.pk not in given]
    issued = issue(batch, by=deed.by, on=deed.on, given=given)
    for person in left_out:
        person.held_back = f"省厅批复{inputs['document_number']}未列入"
        person.save(update_fields=["held_back"])
    return {
        "document": inputs["document_number"],
        "issued": len(issued),
        "differences": len(differing),
        "left_out": len(left_out),
    }
