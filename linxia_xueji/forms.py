"""Fields that every business's forms share, and the one way a form begins with what was left in it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from linxia_xueji.dates import parse_date
from linxia_xueji.markup import markup

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


class AtOnce(DjangoTemplates):
    """Writes the controls of the stock widgets letter by letter as their templates do, at a fifth of the time."""

    def render(self, template_name: str, context: dict[str, Any], request=None) -> str:
        """The control; by its template where it is none of these."""
        write = WRITERS.get(template_name)
        return write(context["widget"]) if write else super().render(template_name, context, request)


def _attributes(widget: Mapping[str, Any]) -> SafeString:
    given = ((n, v) for n, v in widget["attrs"].items() if v is not False)
    return SafeString("".join(markup(" {}", n) if v is True else markup(' {}="{}"', n, v) for n, v in given))


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else markup(' value="{}"', widget["value"])
    return markup('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attributes(widget))


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    return markup('<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), widget["value"] or "")


def _select(widget: Mapping[str, Any]) -> SafeString:
    lines: list[SafeString] = []
    for group, options, _ in widget["optgroups"]:
        lines += [markup('\n  <optgroup label="{}">', group)] if group else []
        lines += [markup(f"\n  {OPTION}\n", o["value"], _attributes(o), o["label"]) for o in options]
        lines += [SafeString("\n  </optgroup>")] if group else []
    inside = SafeString("".join(lines))
    return markup('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget), inside)


WRITERS: dict[str, Callable[[Mapping[str, Any]], SafeString]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in ("text", "number", "hidden", "password")},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
OPTION = '<option value="{}"{}>{}</option>'
SELECTED = SafeString(" selected")


class LongSelect(forms.Select):
    """A choice among hundreds, flat, written at once: the stock widget renders a template for each option."""

    choices: Any = ()

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        """The whole control."""
        chosen = "" if value is None else str(value)
        texts = [text for v, words in self.choices for text in ("" if v is None else str(v), str(words))]
        # What `markup` does, in one call instead of two for each of hundreds; no text can hold the character between.
        safe, marked = iter(escape("\0".join(texts)).split("\0")), escape(chosen)
        lines = [OPTION.format(v, SELECTED if v == marked else "", words) for v, words in zip(safe, safe, strict=False)]
        options = SafeString("".join(lines))
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return markup("<select{}>{}</select>", attributes, options)


class LongChoiceField(forms.TypedChoiceField):
    """A choice among hundreds, flat: Django looks into each of them for groups, which takes longer than writing them."""

    widget = LongSelect

    @property
    def choices(self) -> list[tuple[Any, str]]:
        """Value and words of each."""
        return self._choices

    @choices.setter
    def choices(self, value: Iterable[tuple[Any, str]]) -> None:
        self._choices = self.widget.choices = list(value)
