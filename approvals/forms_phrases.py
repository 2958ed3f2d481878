"""The form of one 常用语."""

from django import forms

from approvals.models import StockPhrase


class PhraseForm(forms.Form):
    """Words, the decision they are for, and their place."""

    text = forms.CharField(label="常用语", max_length=60, help_text="写明缺什么、怎么改，不超过60字")
    move = forms.ChoiceField(label="用于", required=False, choices=[("", "退回、不予和核减"), *StockPhrase.USES])
    order = forms.IntegerField(
        label="顺序", required=False, min_value=1, max_value=999, help_text="小的在前，不填排在最后",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, data=None, **options):
        super().__init__(data, auto_id="phrase-%s", **options)
