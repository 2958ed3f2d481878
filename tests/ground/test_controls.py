"""Controls written at once are those of the framework's own templates, letter by letter."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from linxia_xueji.forms import WRITERS, AtOnce

ODD = "甲<&\"'>乙"
CHOICES = [("", "全部"), (1, "一"), ("组", [("a<b", ODD), (True, "是")]), (None, "无")]
WIDGETS = [
    forms.TextInput(),
    forms.TextInput(attrs={"class": ODD, "autofocus": True, "hidden": False, "maxlength": 60}),
    forms.NumberInput(attrs={"min": 0}),
    forms.HiddenInput(),
    forms.PasswordInput(render_value=True),
    forms.Textarea(attrs={"rows": 3, "class": "full"}),
    forms.Select(choices=CHOICES, attrs={"disabled": True}),
    forms.Select(),
]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda w: type(w).__name__)
@pytest.mark.parametrize("value", [None, "", 0, 1, "1", "a<b", True, ODD, "两行\n字"])
def test_a_control_is_that_of_the_stock_template(widget, value):
    assert widget.template_name in WRITERS
    at_once, stock = (widget.render("n", value, {"id": "i"}, made()) for made in (AtOnce, DjangoTemplates))
    assert at_once == stock


def test_others_are_drawn_by_their_templates():
    boxes = forms.CheckboxSelectMultiple(choices=[(1, "一")])
    assert boxes.render("n", [1], None, AtOnce()) == boxes.render("n", [1], None, DjangoTemplates())
