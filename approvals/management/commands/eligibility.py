"""Judge worked cases: `eligibility FILE.json` → [{"id", "verdict", "broken"}]."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from approvals.kinds import all_kinds


class Command(BaseCommand):
    """Facts stand for themselves: nothing is read from the database, and the book is the one the pages use."""

    help = "Judge the cases of a JSON file by the rule books."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Judge all, then print; exit 2 and nothing on stdout where one case cannot be read."""
        readers = {k.book.code: k for k in all_kinds() if k.read_facts}
        try:
            cases = json.loads(options["file"].read_text(encoding="utf-8"))
            judged = [_judge(case, readers) for case in cases]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(f"无法读取：{type(error).__name__} {error}", returncode=2) from error
        self.stdout.write(json.dumps(judged, ensure_ascii=False))


def _judge(case: dict[str, Any], readers: dict) -> dict[str, Any]:
    business = case["business"]
    if business not in readers:
        raise ValueError(f"业务“{business}”尚未开通")
    kind = readers[business]
    judgement = kind.book.judge(kind.read_facts(case["facts"]))
    return {"id": case["id"], "verdict": judgement.verdict.value, "broken": list(judgement.broken)}
