"""Models of 学籍变动."""

from transfers.models.changes import Change
from transfers.models.details import (
    Departure,
    Expulsion,
    IncomingPupil,
    KeyInfoChange,
    ProblemDeletion,
    ProblemEvidence,
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
    "ProblemDeletion",
    "ProblemEvidence",
    "Proof",
    "Resumption",
    "RouteVersion",
    "Suspension",
    "Transfer",
    "Withdrawal",
]
