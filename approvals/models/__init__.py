"""Models of the chain."""

from approvals.models.calendar import CalendarNotice, LocalDay
from approvals.models.messages import Digest, DigestAddress, Message
from approvals.models.phrases import StockPhrase
from approvals.models.requests import Closings, Counter, DueChange, Entry, Request, Step
from approvals.models.supervision import OverdueNotice, Supervision
from approvals.models.terms import Season, Term

__all__ = [
    "CalendarNotice",
    "Closings",
    "Counter",
    "Digest",
    "DigestAddress",
    "DueChange",
    "Entry",
    "LocalDay",
    "Message",
    "OverdueNotice",
    "Request",
    "Season",
    "Step",
    "StockPhrase",
    "Supervision",
    "Term",
]
