"""`bin/manage account_admin 622900 --name 姓名 --document 文号`: the account administrator an office begins with."""

import json

from django.core.management.base import BaseCommand, CommandError

from linxia_xueji.dates import today
from linxia_xueji.refusal import Refusal
from linxia_xueji.staff.first_admin import set_up


class Command(BaseCommand):
    """Make the account and print user name and one-time password, once, as JSON."""

    help = "建立主管部门的第一个账号管理员，输出用户名和一次性密码"

    def add_arguments(self, parser):
        """Code of the authority, the person, the document of the appointment."""
        parser.add_argument("code", help="主管部门的区划代码")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--document", required=True, help="任命文号")

    def handle(self, *args, code: str, name: str, document: str, **options):
        """Exit 1 with the reason where it is refused."""
        try:
            username, password = set_up(code=code, full_name=name, document_number=document, on=today())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(json.dumps({"username": username, "password": password}, ensure_ascii=False))
