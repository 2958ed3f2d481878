"""`bin/manage forms`: the batches there are, and 附件1 or 附件2 of one of them as a file."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from linxia_xueji.dates import today
from linxia_xueji.trail import record
from registry.annexes import FORMS, file_of
from registry.documents.gather import batch_by_number, listed_batches
from registry.models import EnrolmentBatch


class Command(BaseCommand):
    """Prints the list as JSON, or writes one form into a file and prints nothing; exit 2 for input it cannot read."""

    help = "列出注册批次，或导出一个批次的附件1、附件2（PDF或Excel）"

    def add_arguments(self, parser):
        parser.add_argument("batch", nargs="?", metavar="BATCH", help="批次受理号，见--list")
        parser.add_argument("--list", action="store_true", help="以JSON列出全部批次")
        parser.add_argument("--form", choices=sorted(FORMS), help="附件1或附件2")
        parser.add_argument("--format", choices=["pdf", "xlsx"], help="文件格式")
        parser.add_argument("--output", type=Path, metavar="FILE", help="写入的文件")

    def handle(self, *args, **options):
        wanted = [options[name] for name in ("batch", "form", "format", "output")]
        if options["list"]:
            if any(wanted):
                raise CommandError("--list不与其他参数同用", returncode=2)
            self.stdout.write(json.dumps([asdict(line) for line in listed_batches()], ensure_ascii=False, indent=1))
            return
        if not all(wanted):
            raise CommandError("请给出批次受理号、--form、--format和--output，或用--list列出批次", returncode=2)
        _export(*wanted)


def _export(number: str, form: str, file_format: str, output: Path) -> None:
    """Write the form; like every export it is recorded with the number of students (domain, Personal data)."""
    try:
        batch = batch_by_number(number)
    except EnrolmentBatch.DoesNotExist as missing:
        raise CommandError(f"没有受理号为“{number}”的批次", returncode=2) from missing
    made, students = file_of(batch, form, file_format, today(), by=None)
    try:
        output.write_bytes(made.content)
    except OSError as fault:
        raise CommandError(f"不能写入“{output}”：{fault.strerror}", returncode=2) from fault
    after = {"form": form, "format": file_format, "students": students if form == "annex2" else None, "code": made.code}
    record(action="export_form", by=None, target=batch, after=after)
