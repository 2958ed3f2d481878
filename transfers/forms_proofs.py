"""The form of one scan."""

from registry.forms import PageForm
from registry.scans import ProofField


class ProofForm(PageForm):
    """A picture for one slot."""

    code = "proof"
    scan = ProofField(label="材料图像")
