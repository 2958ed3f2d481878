"""The fields of a student in the words of the pages: codes as names, ID numbers masked unless they are to be shown."""

from datetime import date
from typing import Any

from linxia_xueji.enums import Sex
from linxia_xueji.reference import ethnicities
from linxia_xueji.secrets import Secret


def shown(field: str, value: Any, *, full: bool = False) -> str:
    """One of the listed fields as people read it.

    :param value: as a record holds it, or as plain text in a letter's item (`facts.field_text`).
    :param full: with the whole ID number; whoever shows it records that in the trail.
    """
    if field == "id_number":
        secret = value if isinstance(value, Secret) else Secret(str(value))
        return secret.reveal() if full else str(secret)
    text = value.reveal() if isinstance(value, Secret) else value
    if field == "sex":
        return Sex(text).label if text in Sex.values else str(text)
    if field == "ethnicity":
        known = ethnicities().get(text)
        return known.name if known else str(text)
    if field == "score":
        return score_text(str(text))
    return text.isoformat() if isinstance(text, date) else str(text)


def score_text(text: str) -> str:
    """Points without empty decimals: 481.8, 500."""
    return text.rstrip("0").rstrip(".") if "." in text else text
