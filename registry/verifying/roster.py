"""The roster of a campaign: the register of its day as it was known when it was opened, and nobody else."""

from typing import Any

from django.db.models import QuerySet

from linxia_xueji.enums import Sex
from linxia_xueji.reference import ethnicity_name
from linxia_xueji.secrets import Secret
from registry.enums import EnrolmentState
from registry.models import ClassAttestation, Enrolment, Verification
from registry.rosters.dimensions import dated

SHOWN = {
    "pk": "pk", "name": "facts__name", "sex": "facts__sex", "birth_date": "facts__birth_date", "ethnicity": "facts__ethnicity",
    "id_number": "facts__id_number", "status": "status__status", "grade": "grade__grade", "school_class": "grade__school_class",
}  # fmt: skip
"""What a line of the roster says, and where it stands."""


def rostered(verification: Verification, enrolments: QuerySet[Enrolment] | None = None) -> QuerySet[Enrolment]:
    """The students of the roster with their rows of that day. :param enrolments: of whom; all by default."""
    whose = Enrolment.objects.all() if enrolments is None else enrolments
    return dated(
        whose.filter(prefecture=verification.prefecture_id),
        SHOWN.values(),
        verification.roster_day,
        verification.opened_at,
    )


def lines(rows: QuerySet[Enrolment]) -> list[dict[str, Any]]:
    """The students of a query of `rostered`, by name of the column; numbers sealed."""
    found = rows.order_by("facts__name", "pk").values_list(*SHOWN.values())
    return [dict(zip(SHOWN, row, strict=True)) for row in found]


def of_class(verification: Verification, one: ClassAttestation, school: int) -> QuerySet[Enrolment]:
    """The students of a class."""
    rows = rostered(verification, Enrolment.objects.filter(school=school))
    return rows.filter(grade__grade=one.grade, grade__school_class=one.school_class)


def shown(line: dict[str, Any]) -> dict[str, Any]:
    """A line in words."""
    return line | {
        "sex": Sex(line["sex"]).label, "ethnicity": ethnicity_name(line["ethnicity"]), "id_number": str(line["id_number"] or "") or "无",
        "away": EnrolmentState(line["status"]).label if line["status"] != EnrolmentState.ENROLLED else "",
    }  # fmt: skip


def words_of_field(field: str, value: Any) -> str:
    """A value of 关键信息 as it is read."""
    if isinstance(value, Secret):
        value = value.reveal()
    if field == "sex" and value in Sex.values:
        return Sex(value).label
    if field == "ethnicity" and value:
        return ethnicity_name(value)
    return str(value)
