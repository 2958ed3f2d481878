"""Rows of changes waiting to be written, in the order in which they may be."""

import json
from datetime import datetime

from django.db import models

from linxia_xueji import files
from linxia_xueji.enums import Level
from linxia_xueji.models import FileUse, Organisation, User, scope_of
from registry.demo.scale.copying import copy_rows, next_id
from transfers.demo.crowd_particulars import COLUMNS, Pupil
from transfers.demo.pictures import picture
from transfers.models import Change, Proof
from transfers.slots import slots_of

CHANGE = (
    "id", "request_id", "enrolment_id", "applicant", "relation", "reason", "national_on", "national_by", "national_recorded_by_id",
)  # fmt: skip
USE = (
    "id", "school_id", "county_id", "prefecture_id", "province_id", "party_id", "stored_id", "purpose", "name", "content_type",
    "uploaded_by_id", "uploaded_at",
)  # fmt: skip
PROOF = ("change_id", "slot", "file_id", "measures", "doubts", "legible_reason")
TABLES = {Change: CHANGE, **COLUMNS, FileUse: USE, Proof: PROOF}


class Rows:
    """What is waiting, by table. Every paper is the same picture."""

    def __init__(self, keeper: Organisation, by: User):
        """:param keeper: whose file the picture is. :param by: who uploaded it."""
        self.waiting: dict[type[models.Model], list[tuple]] = {model: [] for model in TABLES}
        self._scan = scan = picture("SIGNED AND SEALED")
        kept = files.keep(
            content=scan.content_cleaned, name=scan.name, content_type=scan.content_type, purpose="示例", by=by,
            scope=scope_of(keeper),
        )  # fmt: skip
        self._stored, self._next_use = kept.stored_id, next_id(FileUse)

    def add(self, model: type[models.Model], row: tuple) -> None:
        """One row of a table, its values in the order of `TABLES`."""
        self.waiting[model].append(row)

    def change(self, pk: int, request: int, pupil: Pupil, national: tuple) -> None:
        """The change itself, on the application of the father. :param national: the last three columns."""
        self.add(Change, (pk, request, pupil.pk, f"{pupil.name[0]}国强", "father", "家庭原因", *national))

    def papers(
        self, change: int, kind: str, school: Organisation, party: Organisation | None, moment: datetime, by: int
    ) -> None:
        """A scan in every slot of the business."""
        above = [school.pk, *(_pk(school.at(level)) for level in (Level.COUNTY, Level.PREFECTURE, Level.PROVINCE))]
        measures = json.dumps(self._scan.measures)
        for slot in slots_of(kind):
            use, self._next_use = self._next_use, self._next_use + 1
            names = (slot.label[:40], self._scan.name, self._scan.content_type)
            self.add(FileUse, (use, *above, _pk(party), self._stored, *names, by, moment))
            self.add(Proof, (change, slot.code, use, measures, "[]", ""))

    def flush(self) -> None:
        """Write what is waiting."""
        for model, columns in TABLES.items():
            copy_rows(model, columns, self.waiting[model])
            self.waiting[model].clear()


def _pk(organisation: Organisation | None) -> int | None:
    return organisation.pk if organisation else None
