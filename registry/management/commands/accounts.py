"""`bin/manage accounts --demo`: the demonstration accounts as JSON."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from linxia_xueji.dates import today
from registry.demo.accounts import demo_accounts


class Command(BaseCommand):
    """List accounts with their passwords, which only demonstration accounts have in the open."""

    help = "演示账号列表（JSON）"

    def add_arguments(self, parser):
        """`--demo` must be said: no other accounts are ever listed with a password."""
        parser.add_argument("--demo", action="store_true", help="只列演示账号")

    def handle(self, *args, demo: bool, **options):
        """Write the list; exit 2 without --demo."""
        if not demo:
            raise CommandError("请加--demo：只有演示账号可以列出密码", returncode=2)
        accounts = [asdict(account) for account in demo_accounts(today())]
        self.stdout.write(json.dumps(accounts, ensure_ascii=False, indent=2))
