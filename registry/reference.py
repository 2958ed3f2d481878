"""What fixtures/ says of schools beyond the organisation: what they teach, their part of the 学号, their urban area."""

from datetime import date

from django.db import transaction

from linxia_xueji import reference
from linxia_xueji.models import Organisation
from registry.models import Programme, SchoolProfile


@transaction.atomic
def load_schools() -> int:
    """Make profiles and programmes of the organisations loaded say what fixtures/ says; returns the rows changed.

    A programme that was closed in the portal stays closed, and nothing is deleted.
    """
    rows = [row for row in reference.read("organisations.json")["organisations"] if row["stages"]]
    ids = dict(Organisation.objects.filter(code__in=[row["code"] for row in rows]).values_list("code", "pk"))
    return _load_profiles(rows, ids) + _load_programmes(rows, ids)


def _load_profiles(rows: list[dict], ids: dict[str, int]) -> int:
    known = {pk: rest for pk, *rest in SchoolProfile.objects.values_list("pk", "number_code", "urban_area")}
    changed = [
        SchoolProfile(
            organisation_id=ids[row["code"]], number_code=row["number_code"] or None, urban_area=row["urban_area"]
        )
        for row in rows
        if known.get(ids[row["code"]]) != [row["number_code"] or None, row["urban_area"]]
    ]
    SchoolProfile.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["organisation"], update_fields=["number_code", "urban_area"]
    )
    return len(changed)


def _load_programmes(rows: list[dict], ids: dict[str, int]) -> int:
    known = set(Programme.objects.values_list("organisation_id", "stage", "valid_from"))
    wanted = [
        Programme(organisation_id=ids[row["code"]], stage=stage, valid_from=date.fromisoformat(row["valid_from"]))
        for row in rows
        for stage in row["stages"]
    ]
    missing = [item for item in wanted if (item.organisation_id, item.stage, item.valid_from) not in known]
    Programme.objects.bulk_create(missing)
    return len(missing)
