"""Models of the chain."""

from approvals.models.calendar import CalendarNotice, LocalDay
from approvals.models.requests import Counter, DueChange, Entry, Message, Request, Step

__all__ = ["CalendarNotice", "Counter", "DueChange", "Entry", "LocalDay", "Message", "Request", "Step"]
