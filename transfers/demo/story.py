"""What the demonstration shows of 学籍变动, as data: who applies for what, when, and how far it has come."""

from dataclasses import dataclass, field
from typing import Any

LINXIA, LINXIA_COUNTY, KANGLE, GUANGHE, DONGXIANG = "3462900001", "3462990002", "3462990003", "3462990006", "3462990010"
JUNIOR = "3162990002"


@dataclass(frozen=True)
class Story:
    """One change.

    :param kind: business. :param school: where the student is. :param grade, place: who, as `pupils.pupil` counts.
    :param applied: (month, day) of the year. :param approved: steps that have agreed; 9 for all of them.
    :param to: receiving school of a transfer. :param detail: particulars; days as (month, day) or (year more, month, day).
    :param end: "" or the move made after the steps: send_back, refuse, retract; "draft" before them all.
    :param note: reason of that move, or of the applicant where the rules leave discretion.
    :param blurred: the slot with a scan that nobody can read. :param without: slots left empty.
    :param national: the registrar has recorded 国网办结.
    """

    kind: str
    school: str
    grade: int
    place: int
    applied: tuple[int, int]
    approved: int
    to: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    end: str = ""
    note: str = ""
    reason: str = "家庭原因"
    blurred: str = ""
    without: tuple[str, ...] = ()
    national: bool = False


ALL = 9
ILL = {"cause": "illness", "ends_on": (1, 7, 9)}
MOVED = "父母工作调动，随迁就读"
STORIES = (
    # A transfer between two counties at each of its five steps, and beyond them.
    Story("transfer", KANGLE, 11, 0, (9, 14), 0, to=GUANGHE, reason=MOVED),
    Story("transfer", GUANGHE, 11, 0, (9, 10), 1, to=KANGLE, reason=MOVED),
    Story("transfer", KANGLE, 11, 1, (9, 8), 2, to=GUANGHE, reason=MOVED),
    Story("transfer", GUANGHE, 11, 1, (9, 4), 3, to=KANGLE, reason=MOVED),
    Story("transfer", KANGLE, 11, 2, (9, 3), 4, to=GUANGHE, reason=MOVED),
    Story("transfer", GUANGHE, 11, 2, (9, 2), ALL, to=KANGLE, reason=MOVED),
    Story("transfer", JUNIOR, 8, 0, (9, 9), 1, to=LINXIA_COUNTY, reason="家庭住址迁移"),
    Story("transfer", KANGLE, 11, 3, (9, 15), 0, to=LINXIA, end="draft", without=("academic_results",)),
    Story("transfer", GUANGHE, 11, 3, (9, 8), 0, to=LINXIA, end="retract", note="家长改变主意，撤回申请"),
    # Suspended last spring: one is to be extended, one to come back, and three for whoever tries either.
    Story("suspension", GUANGHE, 11, 29, (3, 10), ALL, reason="患病住院治疗", national=True,
          detail={"cause": "illness", "starts_on": (3, 12), "ends_on": (9, 30)}),
    Story("suspension", KANGLE, 11, 29, (3, 9), ALL, reason="骨折术后休养", national=True,
          detail={"cause": "illness", "starts_on": (3, 11), "ends_on": (9, 11)}),
    *(Story("suspension", GUANGHE, 11, place, (3, 16), ALL, reason="患病休养", national=True,
            detail={"cause": "illness", "starts_on": (3, 18), "ends_on": (9, 30)}) for place in (26, 27, 28)),
    Story("suspension", GUANGHE, 11, 29, (9, 11), 1, reason="仍在治疗，申请延长休学期",
          detail={**ILL, "starts_on": (10, 1), "extension": True, "consecutive_before": 1}),
    Story("resumption", KANGLE, 11, 29, (9, 14), 1, reason="已康复", detail={"grade": 10, "school_class": "1班"}),
    Story("suspension", LINXIA, 12, 0, (9, 8), 1, reason="长期治疗",
          detail={"cause": "illness", "starts_on": (9, 14), "ends_on": (2, 1, 15)},
          note="主治医院出具的治疗方案为期十六个月，一年不能返校，申请一次办理"),
    Story("suspension", GUANGHE, 12, 0, (9, 1), 1, reason="患病休养", detail={**ILL, "starts_on": (9, 2)}),
    Story("suspension", KANGLE, 12, 0, (9, 8), 1, reason="患病休养", detail={**ILL, "starts_on": (9, 10)}, end="send_back",
          note="医院证明未盖诊断专用章，请补盖后重新上传，9月21日前重新提交"),
    Story("suspension", DONGXIANG, 11, 1, (9, 3), ALL, reason="患病休养", detail={**ILL, "starts_on": (9, 7)}),
    Story("suspension", LINXIA_COUNTY, 8, 0, (9, 3), 1, reason="患病休养", detail={**ILL, "starts_on": (9, 7)}, end="refuse",
          note="经与出具证明的医院核实，诊断证明不属实，不予休学"),
    Story("suspension", DONGXIANG, 8, 0, (9, 14), 0, detail={"cause": "other", "starts_on": (9, 17), "ends_on": (1, 2, 20)}),
    # Key information: at the head with a scan nobody can read, and done.
    Story("key_info", GUANGHE, 11, 4, (9, 14), 0, reason="户口簿姓名与学籍不一致", blurred="household_proof"),
    Story("key_info", LINXIA, 11, 0, (9, 2), ALL, reason="户口簿姓名已变更"),
    # The end of an enrolment.
    Story("withdrawal", GUANGHE, 12, 1, (9, 7), 2, reason="外出务工", detail={"ground": "guardian_applies"}),
    Story("expulsion", LINXIA_COUNTY, 11, 1, (9, 9), 1, reason="严重违反校规校纪",
          detail={"document_number": "校发〔2026〕9号（示例）", "issued_on": (9, 8)}),
    Story("abroad", LINXIA, 11, 1, (9, 9), 1, reason="随父母出国", detail={"happened_on": (9, 7), "place": "阿联酋"}),
)  # fmt: skip
