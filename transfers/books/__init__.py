"""The rule books of 学籍变动: pure predicates over frozen facts, one module a business."""

from linxia_xueji.rules import RuleBook
from transfers.books.key_info import KEY_INFO
from transfers.books.reports import ABROAD, DEATH, EXPULSION
from transfers.books.resumption import RESUMPTION
from transfers.books.suspension import SUSPENSION
from transfers.books.transfer import TRANSFER
from transfers.books.withdrawal import WITHDRAWAL

BOOKS: tuple[RuleBook, ...] = (TRANSFER, SUSPENSION, RESUMPTION, WITHDRAWAL, KEY_INFO, EXPULSION, DEATH, ABROAD)
"""In the order of the catalogue, then the reports."""
