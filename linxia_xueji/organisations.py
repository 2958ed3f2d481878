"""Bringing the divisions and organisations of fixtures/ into the database."""

from datetime import date

from django.db import transaction

from linxia_xueji import reference
from linxia_xueji.models import Division, Organisation, OrganisationName
from linxia_xueji.trail import record


@transaction.atomic
def load_organisations(on: date) -> int:
    """Make the tables say what fixtures/ says, the names of `on` being the present ones; returns the rows changed.

    Nothing is ever deleted: what the files no longer name stays, because records hang on it.
    """
    return _load_divisions() + _load_organisations(on)


def _load_divisions() -> int:
    known = {division.code: division for division in Division.objects.all()}
    wanted = [Division(**row) for row in reference.read("divisions.json")["divisions"]]
    changed = [division for division in wanted if _values(division) != _values(known.get(division.code))]
    Division.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["code"], update_fields=["name", "short_name"]
    )
    return len(changed)


def _values(division: Division | None) -> tuple[str, str] | None:
    return (division.name, division.short_name) if division else None


def _load_organisations(on: date) -> int:
    known = {item.code: item for item in Organisation.objects.prefetch_related("names")}
    changes = 0
    # Authorities stand before what they run, so each parent is known by then.
    for row in reference.read("organisations.json")["organisations"]:
        organisation = known.get(row["code"])
        before = _facts(organisation) if organisation else None
        organisation = organisation or Organisation(code=row["code"])
        current = _name_on(organisation, row["names"], on)
        organisation.level = row["level"]
        organisation.parent_id = known[row["parent"]].pk if row["parent"] else None
        organisation.division_id = row["division"]
        organisation.name, organisation.short_name = current
        organisation.valid_from = date.fromisoformat(row["valid_from"])
        after = _facts(organisation)
        renamed = _names_to_write(organisation, row["names"])
        if before != after:
            organisation.save()
        for name in renamed:
            OrganisationName.objects.update_or_create(
                organisation=organisation,
                valid_from=name["valid_from"],
                defaults={"name": name["name"], "short_name": name["short_name"]},
            )
        if before != after or renamed:
            changes += 1
            record(
                action="载入机构", by=None, target=organisation, organisation=organisation, before=before, after=after
            )
        known[organisation.code] = organisation
    return changes


def _facts(organisation: Organisation) -> dict[str, str | int | None]:
    return {
        "level": organisation.level,
        "parent": organisation.parent_id,
        "division": organisation.division_id,
        "name": organisation.name,
        "short_name": organisation.short_name,
        "valid_from": organisation.valid_from.isoformat(),
    }


def _name_on(organisation: Organisation, names: list[dict[str, str]], on: date) -> tuple[str, str]:
    """Full and short name of that day, among those of the file and any entered in the portal since."""
    dated = {date.fromisoformat(name["valid_from"]): (name["name"], name["short_name"]) for name in names}
    if organisation.pk:
        dated = {name.valid_from: (name.name, name.short_name) for name in organisation.names.all()} | dated
    return dated[max(day for day in dated if day <= on)]


def _names_to_write(organisation: Organisation, names: list[dict[str, str]]) -> list[dict[str, str]]:
    """Those of the dated names that the table does not have, or has otherwise."""
    if organisation.pk is None:
        return names
    known = {name.valid_from.isoformat(): (name.name, name.short_name) for name in organisation.names.all()}
    return [name for name in names if known.get(name["valid_from"]) != (name["name"], name["short_name"])]
