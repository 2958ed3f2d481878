"""The form of a route: its steps in their order, the document, and from when it holds."""

from typing import Any

from django import forms

from linxia_xueji.forms import DayField
from transfers.route_entry import fault_in, steps_offered
from transfers.routes import WORDS, Case


class RouteForm(forms.Form):
    """One choice for each place in the order; places left empty are passed over."""

    effective_from = DayField(label="生效日期")
    document_number = forms.CharField(label="文号", max_length=60, help_text="规定此路线的文件")

    def __init__(self, *args: Any, kind: str, case: Case, **options: Any):
        super().__init__(*args, **options)
        self.kind, self.case = kind, case
        offered = steps_offered(kind, case)
        choices = [("", "—"), *((code, WORDS[code][0]) for code in offered)]
        self.places = [f"step{n}" for n in range(1, len(offered) + 1)]
        for n, name in enumerate(self.places, 1):
            self.fields[name] = forms.ChoiceField(label=f"第{n}个环节", choices=choices, required=False)
        self.order_fields([*self.places, "effective_from", "document_number"])

    def clean(self) -> dict[str, Any]:
        """`steps`: the codes in their order. A fault in them is said at the first place."""
        cleaned = super().clean()
        steps = [code for name in self.places if (code := cleaned.pop(name, ""))]
        if not any(name in self.errors for name in self.places) and (sentence := fault_in(self.kind, self.case, steps)):
            self.add_error(self.places[0], sentence)
        return cleaned | {"steps": steps}
