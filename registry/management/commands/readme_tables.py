"""The generated parts of the README: `readme_tables` prints whether they are true, `readme_tables --write` makes them so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from approvals.enums import TRANSITIONS, Move, State
from linxia_xueji.enums import ROLE_GRANTS, Permission, Role
from linxia_xueji.policy import SETTINGS
from linxia_xueji.rules import all_books
from registry.route import STEPS


def rules() -> str:
    """Every rule of every book: id, force, clause, words, basis."""
    lines = ["| 规则 | 后果 | 条款 | 依据的文字 | 性质 |", "|---|---|---|---|---|"]
    for book in all_books():
        lines += [f"| `{r.id}` | {r.force.label} | {r.clause or '—'} | {r.says} | {r.basis.label} |" for r in book.rules]
    return "\n".join(lines)


def states() -> str:
    """The table of transitions as a diagram."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    lines += [f"    {a.value} --> {b.value}: {m.label}" for (a, m), b in TRANSITIONS.items()]
    lines += [f"    pending --> approved: {Move.APPROVE.label}（最后一环节）"]
    lines += [f"    {s.value}: {s.label}" for s in State]
    return "\n".join([*lines, "```"])


def route() -> str:
    """The chain of the enrolment batch."""
    return " → ".join(label for _, label, _ in STEPS.values())


def roles() -> str:
    """Which role is granted what on its own organisation."""
    lines = ["| 岗位 | 授权（在本机构，及于所管机构） |", "|---|---|"]
    lines += [f"| {Role(r).label} `{r}` | {'、'.join(Permission(p).label for p in granted)} |" for r, granted in ROLE_GRANTS.items()]
    return "\n".join(lines)


def policy() -> str:
    """The settings of the prefecture with default and basis."""
    lines = ["| 设置 | 默认 | 性质 | 说明 |", "|---|---|---|---|"]
    lines += [f"| {s.label} `{s.key}` | {s.default} | {s.basis.label} | {s.why} |" for s in SETTINGS.values()]
    return "\n".join(lines)


PARTS: dict[str, Callable[[], str]] = {"rules": rules, "states": states, "route": route, "roles": roles, "policy": policy}


def renewed(text: str) -> str:
    """The README with every generated part made anew."""
    for name, make in PARTS.items():
        before, start, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        text = f"{before}{start}{make()}\n{end}{after}" if end else text
    return text


class Command(BaseCommand):
    """Hold the README to the code."""

    help = "Check or write the generated tables of the README."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to write."""
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, or write."""
        readme = Path(settings.BASE_DIR) / "README.md"
        text = readme.read_text(encoding="utf-8")
        if options["write"]:
            readme.write_text(renewed(text), encoding="utf-8")
        elif renewed(text) != text:
            raise CommandError("README.md is behind the code: run bin/manage readme_tables --write")
