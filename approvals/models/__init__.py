"""Models of the chain."""

from approvals.models.calendar import CalendarNotice, LocalDay
from approvals.models.phrases import StockPhrase
from approvals.models.requests import Closings, Counter, DueChange, Entry, Message, Request, Step
from approvals.models.supervision import OverdueNotice, Supervision
from approvals.models.terms import Season, Term

__all__ = [
    "CalendarNotice",
    "Closings",
    "Counter",
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
