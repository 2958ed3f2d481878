"""What each purpose needs to know of a student, and no more (个人信息保护法, 最小必要; which fields those are is assumed)."""

from registry.enums import ApiPurpose
from registry.rosters.columns import COLUMNS, Column

_PLACE = ("county", "school", "stage", "grade", "class", "state")
_FIELDS: dict[str, tuple[str, ...]] = {
    ApiPurpose.FUNDING: (*_PLACE, "national_number", "boarding"),
    ApiPurpose.AID: (*_PLACE, "name", "sex", "ethnicity", "national_number", "id_type", "id_number", "boarding", "left_behind"),
    ApiPurpose.MEALS: (*_PLACE, "name", "boarding"),
    ApiPurpose.EVALUATION: (*_PLACE, "name", "sex", "national_number", "entry_year"),
}  # fmt: skip


def fields_of(purpose: str) -> list[Column]:
    """The columns of a purpose, in the order in which rosters have them."""
    return [column for code, column in COLUMNS.items() if code in _FIELDS[purpose]]
