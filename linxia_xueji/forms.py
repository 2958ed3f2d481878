"""Fields that every business's forms share."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

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
