"""Identity numbers (GB 11643) and names (民委发〔2016〕33号) as they are written. Pure: no database, no clock."""

import re
from datetime import date
from functools import lru_cache
from operator import mul

from linxia_xueji.enums import Sex

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")

# Full-width forms of ASCII; the ideographic space becomes a space. Nothing else is folded: NFKC would also change Han
# compatibility characters and circled digits.
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
"""Characters that show nothing and slip in by copying, as the inside of a regular expression's class."""

_BLANKS = re.compile(rf"[\s\x00-\x1f\x7f{INVISIBLE}]+")

NAME_DOT = "\u00b7"
NAME_DOTS = frozenset(
    "\u2022\u2027\u2219\u22c5\u30fb\uff65\u0387\u318d\u119e\u16eb\u2e31\u2e33\ua78f\u2981\u02d9\u25cf\u0f0b"
)
"""Look-alikes of the dot in a name, wherever they stand. Unicode normalisation folds hardly any of them."""

_FULL_STOPS = "\uff0e.\u2024\ufe52\u3002\uff61"
_NO_KEY = dict.fromkeys(map(ord, f"{NAME_DOT}{''.join(NAME_DOTS)}{_FULL_STOPS}"))
# A full stop stands for the dot between two parts of a name, but is itself after a Latin initial (J. 史密斯).
_STOP_AS_DOT = re.compile(rf"(?<=[^\sA-Za-z{_FULL_STOPS}])[{_FULL_STOPS}](?=[^\sA-Za-z{_FULL_STOPS}])")


def half_width(text: str) -> str:
    """Full-width ASCII (２, Ｘ, －) as ASCII; everything else, Han above all, untouched."""
    return text if text.isascii() else text.translate(_WIDTHS)


def without_blanks(text: str) -> str:
    """The text without any white space or invisible character."""
    return text if text.isalnum() else _BLANKS.sub("", text)


def id_normal(text: str) -> str:
    """An identity number as typed, in the form it is judged and kept in: no blanks, half width, upper-case X."""
    return without_blanks(half_width(text)).lstrip("'’‘`").upper()


def check_character(first17: str) -> str:
    """The check character of 17 digits, ISO 7064 MOD 11-2 (GB 11643): "0"–"9" or "X".

    :raises ValueError: if it is not 17 digits.
    """
    if len(first17) != 17 or not (first17.isascii() and first17.isdigit()):
        raise ValueError("校验码须由前17位数字算出")
    return _check_character(first17)


def _check_character(digits: str) -> str:
    return _CHECK[(_weighed(digits[:6], 0) + _weighed(digits[6:14], 6) + _weighed(digits[14:17], 14)) % 11]


@lru_cache(maxsize=16_384)
def _weighed(digits: str, start: int) -> int:
    """The share of some digits in the sum. People of one place have few different divisions, days and serials."""
    return sum(map(mul, map(int, digits), _WEIGHTS[start:]))


def id_fault(text: str) -> str | None:
    """What is wrong with an identity number in normal form (see `id_normal`), or None.

    In this order: `id_length` (not 18 characters), `id_check` (a character that may not stand there, or the wrong check
    character), `id_date` (no such day). The first six digits may be an abolished code and are not looked at.
    """
    if len(text) != 18:
        return "id_length"
    if not _SHAPE.fullmatch(text) or _check_character(text) != text[17]:
        return "id_check"
    try:
        id_birth(text)
    except ValueError:
        return "id_date"
    return None


def id_birth(text: str) -> date:
    """The date of birth an identity number carries (characters 7–14). ValueError where there is no such day."""
    return _day(text[6:14])


@lru_cache(maxsize=16_384)
def _day(digits: str) -> date:
    """Few days for many people: those of a list were born within some years."""
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def id_sex(text: str) -> Sex:
    """The sex an identity number carries: digit 17 odd is male."""
    return Sex.MALE if int(text[16]) % 2 else Sex.FEMALE


def masked(text: str) -> str:
    """The number as lists show it, 622922********0012; of ten characters and fewer, none is shown."""
    if len(text) <= 10:
        return "*" * len(text)
    return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}"


def tidy_name(text: str) -> str:
    """A name as typed without what nobody meant: blanks around it and between Han characters (马　 明).

    Characters are never replaced, so rare and compatibility ideographs and the dots come through as entered. A blank
    between two Latin letters is one space.
    """
    if text.isalnum():
        return text
    parts = _BLANKS.split(text)
    name = ""
    for part in filter(None, parts):
        gap = " " if name and name[-1].isascii() and part[0].isascii() else ""
        name += gap + part
    return name


def name_key(text: str) -> str:
    """A name, or a part of one, as it is searched for: without blanks and dots of any kind, Latin letters in capitals."""
    return without_blanks(text).upper().translate(_NO_KEY)


def proposed_name(text: str) -> str:
    """The name with every look-alike of the dot replaced by U+00B7; equal to `text` where the name has none."""
    name = "".join(NAME_DOT if character in NAME_DOTS else character for character in text)
    return _STOP_AS_DOT.sub(NAME_DOT, name)
