"""Forms of 问题学籍."""

from django import forms

from registry.forms import PageForm
from registry.models.problems import LONGEST_REASON


class DecisionForm(PageForm):
    """Why two records are, or are not known to be, two people's."""

    code = "decision"
    reason = forms.CharField(label="理由", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))
