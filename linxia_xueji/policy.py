"""The settings of the prefecture as they hold on a day: valued in the database with document and day of effect."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import JSONField, QuerySet, Value

from linxia_xueji.access import access_of
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation, PolicyValue
from linxia_xueji.policy_settings import FORCES, SETTINGS
from linxia_xueji.prepared import records
from linxia_xueji.refusal import Refusal
from linxia_xueji.trail import record


@dataclass(frozen=True)
class Policy:
    """The settings in force on a day, or those a request began with."""

    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    @property
    def of_a_request(self) -> dict[str, Any]:
        """What a request takes along: nothing about signing in, typing, accounts, checking papers and taking data out."""
        apart = ("sign_in.", "session.", "drafts.", "accounts.", "check.", "export.", "api.", "compare.", "verify.", "inspect.")
        return {key: value for key, value in self.values.items() if not key.startswith(apart)}

    @property
    def forces(self) -> dict[str, str]:
        """The force of each rule that the prefecture may set."""
        return {
            key: self.values[key]
            for key, setting in SETTINGS.items()
            if setting.choices == FORCES and key in self.values
        }


def in_force(organisation: Organisation | None, on: date) -> Policy:
    """The settings of the prefecture above an organisation, as they hold on a day; one query."""
    values = {key: setting.default for key, setting in SETTINGS.items()}
    prefecture = organisation.at(Level.PREFECTURE) if organisation else None
    rows = records(_set_by, on, of=(prefecture.pk,)) if prefecture else []
    values.update({row.key: row.value for row in rows if row.key in SETTINGS})
    return Policy(values)


def _set_by(on: date, prefecture: int) -> QuerySet[PolicyValue]:
    rows = PolicyValue.objects.filter(organisation=prefecture, effective_from__lte=on)
    return rows.order_by("effective_from", "recorded_at", "pk")


def everywhere(key: str, on: date) -> Any:
    """A setting of pages behind which no organisation stands, as the prefecture has it on a day; one query."""
    rows = PolicyValue.objects.filter(key=key, organisation__level=Level.PREFECTURE, effective_from__lte=on)
    row = rows.order_by("effective_from", "recorded_at", "pk").last()
    return row.value if row else SETTINGS[key].default


@transaction.atomic
def decide(
    *, organisation: Organisation, key: str, value: Any, effective_from: date, document_number: str, by
) -> PolicyValue:
    """Give a setting a new value from a day on; what was decided under the old one stands."""
    setting = SETTINGS[key]
    if not access_of(by).may(Permission.MANAGE_POLICY, organisation):
        raise Refusal("只有州学管中心可以维护政策设置")
    if not document_number.strip():
        raise Refusal("请填写文号：政策设置须有依据文件")
    if setting.choices and value not in dict(setting.choices):
        raise Refusal(f"“{setting.label}”没有这个取值，请从列出的选项中选择")
    stored = Value(None, JSONField()) if value is None else value  # unset is a value too, and not an empty column
    row = PolicyValue.objects.create(
        organisation=organisation,
        key=key,
        value=stored,
        effective_from=effective_from,
        document_number=document_number.strip(),
        entered_by=by,
    )
    row.value = value
    record(
        action="修改政策设置", by=by, target=row, after={"key": key, "value": value, "from": effective_from.isoformat()}
    )
    return row
