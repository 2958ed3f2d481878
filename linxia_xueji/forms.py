"""Fields that every business's forms share, and the one way a form begins with what was left in it."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from linxia_xueji.dates import parse_date

DATE_HINT = "可填20250919、2025-09-19或2025.9.19"


class DayField(forms.CharField):
    """A day typed as text; cleaned to a date."""

    def __init__(self, *, help_text: str = DATE_HINT, **options):
        super().__init__(
            help_text=help_text, max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}), **options
        )

    def to_python(self, value) -> date | None:
        """The day. :raises ValidationError: with the sentence of `parse_date`."""
        if isinstance(value, date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_date(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def run_validators(self, value) -> None:
        """The validators of a text have nothing to say of a day."""

    def prepare_value(self, value):
        """As data fields show it: 2025-09-19."""
        return value.isoformat() if isinstance(value, date) else value


def restore(form: forms.BaseForm, fields: Mapping[str, list[str]]) -> None:
    """Begin an unbound form with the values typed before, as the browser sent them; nothing is checked yet.

    Hidden fields belong to the page, and files and passwords are never kept. A field the draft does not know keeps
    its own beginning; a box not sent is a box not ticked.
    """
    typed = MultiValueDict(dict(fields))
    for name, field in form.fields.items():
        widget = field.widget
        if widget.is_hidden or widget.needs_multipart_form or isinstance(widget, forms.PasswordInput):
            continue
        value = widget.value_from_datadict(typed, {}, form.add_prefix(name))
        if value is not None:
            form.initial[name] = value


def made_on_another_version(form: forms.BaseForm, fields: Mapping[str, list[str]]) -> bool:
    """Whether the draft was written before the record of the form changed: its hidden `seen` is not today's."""
    if "seen" not in form.fields or "seen" not in fields:
        return False
    return [str(form.get_initial_for_field(form.fields["seen"], "seen"))] != fields["seen"]


SELECTED = SafeString(" selected")


class LongSelect(forms.Select):
    """A choice among hundreds, flat, written at once: the stock widget renders a template for each option."""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        """The whole control."""
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (("" if v is None else v, SELECTED if str(v or "") == chosen else "", words) for v, words in self.choices),
        )
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", attributes, options)
