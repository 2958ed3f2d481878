"""`import_register FILE.xlsx --school CODE [--check] [--by USERNAME]`: the existing register from the national export."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linxia_xueji.dates import today
from linxia_xueji.models import Organisation, User
from linxia_xueji.refusal import Refusal
from registry.admissions.reading import content_of
from registry.enums import Change, UploadState
from registry.roster.check import check_file
from registry.roster.lookups import from_database
from registry.roster.staging import receive, stage
from registry.roster.tasks import put_in_force


class Command(BaseCommand):
    """Check a roster, or check, compare and import it in the name of a person. stdout carries only the JSON result."""

    help = "检查或导入在校生名册，结果以JSON输出；文件无法读取或不能导入时退出码为2"

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE.xlsx, the organisation whose schools it may name, and whether it is only checked."""
        parser.add_argument("file", metavar="FILE.xlsx")
        parser.add_argument("--school", required=True, metavar="CODE", help="学校标识码，或县、州的机构代码")
        parser.add_argument("--check", action="store_true", help="只检查，不写入")
        parser.add_argument("--by", metavar="USERNAME", help="导入人的用户名，导入时必填")
        parser.add_argument("--only-clean", action="store_true", help="只导入无误的行")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report; exit 2 with a sentence on stderr where the file cannot be judged or is not imported."""
        organisation = Organisation.objects.filter(code=options["school"]).first()
        if organisation is None:
            raise CommandError(f"没有代码为{options['school']}的机构", returncode=2)
        try:
            told = self._check(organisation, options) if options["check"] else self._import(organisation, options)
        except Refusal as refusal:
            self.stderr.write("\n".join([refusal.message, *refusal.items]))
            sys.exit(2)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))

    def _check(self, organisation: Organisation, options: dict[str, Any]) -> dict[str, Any]:
        report = check_file(options["file"], from_database(organisation, today()))
        faults = [
            {"row": f.row, "column": f.column, "code": f.code, "severity": f.severity, "message": f.sentence}
            for f in report.faults
        ]
        return {
            "rows": report.rows, "valid": len(report.clean), "absent": list(report.listing.absent),
            "unknown": [list(pair) for pair in report.listing.unknown], "faults": faults,
        }  # fmt: skip

    def _import(self, organisation: Organisation, options: dict[str, Any]) -> dict[str, Any]:
        by = User.objects.filter(username=options["by"] or "").first()
        if by is None:
            raise CommandError("请用--by写明导入人的用户名：每次导入都记在操作留痕", returncode=2)
        path = Path(options["file"])
        upload = receive(content=content_of(path), name=path.name, organisation=organisation, by=by)
        stage(upload, on=today())
        if upload.state == UploadState.FAILED:
            raise Refusal(upload.error)
        put_in_force(upload, by=by, only_clean=options["only_clean"])
        counts = {change.value: upload.summary[change.value] for change in Change}
        faults = [{key: f[key] for key in ("row", "column", "code", "severity", "message")} for f in upload.faults]
        return {"rows": upload.total, "valid": upload.valid, **counts, "faults": faults}
