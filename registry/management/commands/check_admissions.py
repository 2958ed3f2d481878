"""`check_admissions FILE.xlsx --year 2022`: judge an admission list; stdout carries only the JSON result."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from linxia_xueji.dates import today
from registry.admissions.check import check_file
from registry.admissions.lookups import from_database
from registry.admissions.reading import UnreadableFile


class Command(BaseCommand):
    """Check an admission list against the senior highs of a year. Reads no plans or earlier rows, writes nothing."""

    help = "检查录取名单，结果以JSON输出；文件无法读取时退出码为2"

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE.xlsx and --year, the year of entry."""
        parser.add_argument("file", metavar="FILE.xlsx")
        parser.add_argument("--year", type=int, required=True, metavar="YYYY", help="入学年份")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report; exit 2 with a sentence on stderr where the file cannot be judged."""
        try:
            report = check_file(options["file"], from_database(options["year"], today()))
        except UnreadableFile as refusal:
            self.stderr.write(refusal.message)
            sys.exit(2)
        self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
