"""What is typed to apply for a change: one form a business, used by the what-if page and the application alike."""

from transfers.forms.base import KEY_COLUMNS, ChangeForm
from transfers.forms.own import (
    DepartureForm,
    ExpulsionForm,
    KeyInfoForm,
    ResumptionForm,
    SuspensionForm,
    WithdrawalForm,
)
from transfers.forms.problems import DeletionForm, EvidenceForm
from transfers.forms.transfer import IncomingForm, OutgoingForm, TransferForm

__all__ = [
    "KEY_COLUMNS",
    "ChangeForm",
    "DeletionForm",
    "DepartureForm",
    "EvidenceForm",
    "ExpulsionForm",
    "IncomingForm",
    "KeyInfoForm",
    "OutgoingForm",
    "ResumptionForm",
    "SuspensionForm",
    "TransferForm",
    "WithdrawalForm",
]
