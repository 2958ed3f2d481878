"""Judge worked cases: `eligibility FILE.json` → [{"id", "verdict", "broken"}]."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linxia_xueji.refusal import Refusal
from linxia_xueji.rules import RuleBook, all_books


class Command(BaseCommand):
    """Facts stand for themselves: nothing is read from the database, and the book is the one the pages use."""

    help = "Judge the cases of a JSON file by the rule books."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Judge all, then print; exit 2 and nothing on stdout where one case cannot be read or judged."""
        books = {book.code: book for book in all_books() if book.read}
        try:
            cases = json.loads(options["file"].read_text(encoding="utf-8"))
            judged = [_judge(case, books) for case in cases]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(f"无法读取：{type(error).__name__} {error}", returncode=2) from error
        except Refusal as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self.stdout.write(json.dumps(judged, ensure_ascii=False))


def _judge(case: dict[str, Any], books: dict[str, RuleBook]) -> dict[str, Any]:
    business = case["business"]
    if business not in books:
        raise ValueError(f"业务“{business}”没有规则")
    book = books[business]
    judgement = book.judge(book.read(case["facts"]))
    return {"id": case["id"], "verdict": judgement.verdict.value, "broken": list(judgement.broken)}
