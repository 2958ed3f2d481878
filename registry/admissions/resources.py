"""Exports of the admissions in force, in the columns of the list itself."""

from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from import_export import fields, resources
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from tablib import Dataset

from linxia_xueji.enums import Sex
from linxia_xueji.reference import ethnicity_name
from registry.admissions.columns import COLUMNS
from registry.admissions.marking import put
from registry.models import Admission

_VALUES = {
    "serial": lambda admission: "",
    "exam_number": lambda admission: admission.exam_number,
    "name": lambda admission: admission.name,
    "sex": lambda admission: Sex(admission.sex).label,
    "ethnicity": lambda admission: ethnicity_name(admission.ethnicity),
    "birth": lambda admission: admission.birth_date.isoformat(),
    "id_number": lambda admission: str(admission.id_number),
    "county": lambda admission: admission.exam_county.division.name,
    "school": lambda admission: admission.school.name,
    "score": lambda admission: admission.score,
}


class AdmissionResource(resources.Resource):
    """Admissions → rows. Whoever asks to `reveal` identity numbers records the export, its purpose and its count."""

    def __init__(self, *, reveal: bool = False):
        super().__init__()
        self.reveal = reveal
        self.fields = {column.key: fields.Field(column_name=column.header) for column in COLUMNS}

    def get_queryset(self) -> QuerySet[Admission]:
        """Every admission in force, by 准考证号; callers narrow it to what the person may see."""
        admissions = Admission.objects.filter(superseded_at=None).order_by("exam_number")
        return admissions.select_related("school", "exam_county__division")

    def export_field(self, field: fields.Field, instance: Admission, **kwargs: Any) -> Any:
        """One cell, as lists write it; identity numbers masked unless they are to be revealed."""
        key = self.get_field_name(field)
        if key == "id_number" and self.reveal:
            return instance.id_number.reveal()
        return _VALUES[key](instance)

    def get_export_order(self) -> list[str]:
        """The order of the list."""
        return [column.key for column in COLUMNS]


def as_workbook(dataset: Dataset) -> bytes:
    """An export as .xlsx: digits as text, and text that looks like a formula inert."""
    book = Workbook()
    sheet = book.active
    sheet.title = "录取名单"
    for place, column in enumerate(COLUMNS, 1):
        head = sheet.cell(1, place, column.header)
        head.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    for number, row in enumerate(dataset, 2):
        for place, (column, value) in enumerate(zip(COLUMNS, row, strict=True), 1):
            cell = sheet.cell(number, place)
            put(cell, value)
            if column.text:
                cell.number_format = "@"
    sheet.freeze_panes = "A2"
    output = BytesIO()
    book.save(output)
    return output.getvalue()
