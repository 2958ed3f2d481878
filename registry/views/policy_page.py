"""What the pages of settings and clauses show, gathered from the catalogue, the rule books and the notice."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from linxia_xueji import policy
from linxia_xueji.models import Organisation, PolicyValue
from linxia_xueji.policy_settings import SETTINGS, Setting
from linxia_xueji.reference import notice
from linxia_xueji.rules import Basis, Force, Rule, RuleBook, all_books
from registry.clause_lists import lists_on

_FORCE_TONES = {Force.FORBID: "bad", Force.REQUIRE: "bad", Force.DISCRETION: "warn", Force.NEVER: ""}


def shown(setting: Setting, value: Any) -> str:
    """A value in the words of the setting."""
    return dict(setting.choices).get(value, str(value)) if value is not None else "未设置"


def _histories(prefecture: Organisation | None, keys: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    rows = PolicyValue.objects.filter(organisation=prefecture, key__in=list(keys)).select_related("entered_by")
    for row in rows.order_by("-effective_from", "-recorded_at", "-pk"):
        found.setdefault(row.key, []).append({"row": row, "value": shown(SETTINGS[row.key], row.value)})
    return found


def rows_of(prefecture: Organisation | None, on: date, key: str | None = None) -> list[dict[str, Any]]:
    """The settings (or one of them) as they hold on a day: value, what it rests on, since when, what came and comes."""
    keys = [key] if key else list(SETTINGS)
    histories = _histories(prefecture, keys)
    return [_row(SETTINGS[key], histories.get(key, []), on) for key in keys]


def _row(setting: Setting, history: list[dict[str, Any]], on: date) -> dict[str, Any]:
    begun = [item for item in history if item["row"].effective_from <= on]
    return {
        "setting": setting,
        "value": begun[0]["value"] if begun else shown(setting, setting.default),
        "current": begun[0]["row"] if begun else None,
        "assumed": setting.basis == Basis.ASSUMED,
        "coming": history[: len(history) - len(begun)][::-1],
        "history": history,
    }


def clause_blocks(prefecture: Organisation | None, on: date) -> dict[str, Any]:
    """`blocks`: each clause with the rules resting on it; `elsewhere`: rules that rest on no clause of the notice."""
    forces = policy.in_force(prefecture, on).forces
    rules = [_rule(book, rule, forces) for book in all_books() for rule in book.rules]
    clauses = {clause.id for clause in notice().clauses}
    lists = lists_on(prefecture, on)
    return {
        "blocks": [
            {
                "clause": clause,
                "level": _depth(clause.id),
                "rules": [r for r in rules if _on(r["rule"], clause.id)],
                "lists": [found for found in lists if found.clause == clause.id],
            }
            for clause in notice().clauses
        ],
        "elsewhere": [r for r in rules if r["rule"].clause not in clauses or r["rule"].basis == Basis.NATIONAL],
    }


def clause_block(prefecture: Organisation | None, clause: str, on: date) -> dict[str, Any] | None:
    """One clause of these with the ones beside it; None where the notice has no such clause."""
    blocks = clause_blocks(prefecture, on)["blocks"]
    at = next((n for n, block in enumerate(blocks) if block["clause"].id == clause), None)
    if at is None:
        return None
    beside = {"previous": blocks[at - 1]["clause"] if at else None, "next": None}
    if at + 1 < len(blocks):
        beside["next"] = blocks[at + 1]["clause"]
    return {"shown": blocks[at], "notice": notice(), **beside}


def _on(rule: Rule, clause: str) -> bool:
    return rule.clause == clause and rule.basis != Basis.NATIONAL


def _depth(clause: str) -> int:
    """1 for a section, 2 for a part, 3 for an item."""
    return 1 if "（" not in clause else 3 if clause[-1].isdecimal() else 2


def _rule(book: RuleBook, rule: Rule, forces: dict[str, str]) -> dict[str, Any]:
    force = Force(forces.get(rule.id, rule.force))
    return {
        "rule": rule,
        "book": book.label,
        "force": force.label,
        "tone": _FORCE_TONES[force],
        "basis": rule.basis.label,
        "assumed": rule.basis == Basis.ASSUMED,
    }
