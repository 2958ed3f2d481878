"""Forms of the year's page: a term entered, and a term taken back."""

from django import forms

from approvals.models import Season, Term
from linxia_xueji.enums import Stage
from linxia_xueji.forms import DayField


class TermsForm(forms.Form):
    """One term for one stage or several, by document."""

    organisation = forms.ModelChoiceField(
        label="适用范围", queryset=None, empty_label=None, help_text="对该机构及其所管学校有效，下级另行登记的除外"
    )
    season = forms.ChoiceField(label="学期", choices=Season.choices)
    stages = forms.MultipleChoiceField(label="学段", choices=Stage.choices, widget=forms.CheckboxSelectMultiple)
    starts_on = DayField(label="第一天")
    ends_on = DayField(label="最后一天")
    document_number = forms.CharField(label="文号", max_length=60, help_text="公布学期起止日期的文件")

    def __init__(self, data=None, *, organisations):
        super().__init__(data, auto_id="term-%s")
        self.fields["organisation"].queryset = organisations


class RevokeTermForm(forms.Form):
    """Taking a term back, by document."""

    term = forms.ModelChoiceField(label="要停用的登记", queryset=None, empty_label=None)
    document_number = forms.CharField(label="停用依据文号", max_length=60)

    def __init__(self, data=None, *, terms):
        super().__init__(data, auto_id="revoke-%s")
        self.fields["term"].queryset = terms
        self.fields["term"].label_from_instance = _words


def _words(term: Term) -> str:
    stage, season = term.get_stage_display(), term.get_season_display()
    return f"{term.organisation.short_name} {stage}{season} {term.starts_on}至{term.ends_on}"
