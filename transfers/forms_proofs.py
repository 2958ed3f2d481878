"""The forms of one scan: uploaded, or one that the school has already."""

from django import forms

from linxia_xueji.forms import LongSelect
from registry.forms import PageForm
from registry.scans import ProofField
from transfers.models import Change, Proof
from transfers.proofs import AGAIN, reusable
from transfers.slots import Slot


class ProofForm(PageForm):
    """A picture for one slot."""

    code = "proof"
    scan = ProofField(label="材料图像")


class AgainForm(PageForm):
    """A scan of the same paper out of another request of the school."""

    code = "again"
    known = forms.TypedChoiceField(label="本校已有的图像", widget=LongSelect)

    def __init__(self, data=None, *, change: Change, slot: Slot, user, **options):
        super().__init__(data, **options)
        self.offered = {str(proof.pk): proof for proof in reusable(change, slot, user)[:AGAIN]}
        self.fields["known"].choices = [("", "请选择"), *((pk, _words(proof)) for pk, proof in self.offered.items())]
        self.fields["known"].coerce = self.offered.__getitem__


def _words(proof: Proof) -> str:
    request = proof.change.request
    return f"{request.subject}（{request.number}），{proof.file.name}"
