"""Models of 学籍变动."""

from transfers.models.changes import Change
from transfers.models.details import (
    Departure,
    Expulsion,
    IncomingPupil,
    KeyInfoChange,
    Resumption,
    Suspension,
    Transfer,
    Withdrawal,
)
from transfers.models.proofs import Proof
from transfers.models.routes import EnteredWindow, GroundsVersion, RouteVersion

__all__ = [
    "Change",
    "Departure",
    "EnteredWindow",
    "Expulsion",
    "GroundsVersion",
    "IncomingPupil",
    "KeyInfoChange",
    "Proof",
    "Resumption",
    "RouteVersion",
    "Suspension",
    "Transfer",
    "Withdrawal",
]
