"""`bin/manage demo`: fill an empty portal with a small invented prefecture."""

import time

from django.core.management.base import BaseCommand, CommandError

from linxia_xueji.dates import today
from linxia_xueji.models import Organisation, User
from registry.demo.build import build
from registry.demo.scale import FULL, HUNDREDTH, TENTH, fill

SEED = 20220825
SCALES = {"full": FULL, "tenth": TENTH, "hundredth": HUNDREDTH}


class Command(BaseCommand):
    """Make the demonstration once; run again, it does nothing."""

    help = "建立演示数据：虚构的账号、录取名单和各环节的注册批次"

    def add_arguments(self, parser):
        """`--seed` chooses other people; the story is the same."""
        parser.add_argument("--seed", type=int, default=SEED, help="随机种子，同一种子得到同样的数据")

        parser.add_argument("--scale", choices=SCALES, help="按全州规模造数（full：42万学生），只用于空库测速")

    def handle(self, *args, seed: int, scale: str | None = None, **options):
        """Build it, unless it is there; refuse a database that holds real accounts."""
        if User.objects.filter(is_demo=True).exists():
            self.stderr.write("demo: already there, nothing changed")
            return
        if User.objects.filter(is_demo=False).exists():
            raise CommandError("已有正式账号，不建立演示数据：演示账号的密码是公开的", returncode=2)
        if not Organisation.objects.exists():
            raise CommandError("还没有基础数据，请先运行load_reference", returncode=2)
        started = time.monotonic()
        if scale:
            fill(SCALES[scale], seed=seed, say=lambda line: self.stderr.write(f"demo: {line}"))
            made = f"scale {scale}"
        else:
            made = f"{build(seed=seed)} accounts"
        self.stderr.write(f"demo: {made} as of {today()}, made in {time.monotonic() - started:.0f} s")
