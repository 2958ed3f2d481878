"""Tags and filters of the pages: dates as officials write them, masked numbers, status words with their colours."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils import timezone
from django.utils.safestring import SafeString

from linxia_xueji.addresses import place_at
from linxia_xueji.markup import markup
from linxia_xueji.reference import clause_ids
from linxia_xueji.rules import Basis, Finding, Rule, Verdict
from linxia_xueji.secrets import Secret

register = template.Library()
register.simple_tag(place_at, name="place")

ICONS = {
    name: markup('<svg class="ic" aria-hidden="true"><use href="#{}"/></svg>', name)
    for name in ("ok", "no", "ask", "clock", "pause", "bell", "info", "print", "down", "file")
}
TONES = {"ok": "ok", "warn": "ask", "bad": "no"}
STATE_TONES = {"ok": "ok", "ask": "warn", "bad": "bad"}
STATE_WORDS = {"ok": "符合", "ask": "待人工核对", "bad": "不符合"}
VERDICT_TONES = {
    Verdict.ALLOWED: "ok",
    Verdict.DISCRETION: "warn",
    Verdict.INCOMPLETE: "bad",
    Verdict.FORBIDDEN: "bad",
}
REQUEST_TONES = {
    "draft": "",
    "pending": "info",
    "returned": "warn",
    "approved": "ok",
    "refused": "bad",
    "retracted": "",
}
UPPER_LEVELS = frozenset({"prefecture", "province"})
DUE_ICONS = {
    "over": "clock",
    "today": "clock",
    "soon": "clock",
    "hold": "pause",
    "done": "ok",
    "provisional": "ask",
}
NOTE_TONES = {"success": "ok", "warning": "warn", "error": "bad", "info": "info", "debug": "info"}
NOTE_ICONS = {"ok": "ok", "warn": "clock", "bad": "no", "info": "info"}


def _local(value: date | datetime) -> date | datetime:
    """A moment in Asia/Shanghai; a day as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def short_date(value: date | None) -> str:
    """9-02: the date in lists, where the year is plain."""
    return f"{_local(value).month}-{_local(value).day:02d}" if value else ""


@register.filter
def month_day(value: date | None) -> str:
    """9月16日."""
    return f"{_local(value).month}月{_local(value).day}日" if value else ""


@register.filter
def full_day(value: date | None) -> str:
    """2026年9月16日."""
    return f"{_local(value).year}年{month_day(value)}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """9月16日 16:20."""
    return f"{month_day(value)} {_local(value):%H:%M}" if value else ""


@register.filter
def day(value: date | None) -> str:
    """2025-09-16: the date as data."""
    return f"{_local(value):%Y-%m-%d}" if value else ""


@register.filter
def weekday(value: date | None) -> str:
    """星期三."""
    return f"星期{'一二三四五六日'[_local(value).weekday()]}" if value else ""


@register.filter
def mask_id(value: Any) -> str:
    """An ID number or 全国学籍号 with its middle starred: 622922********0012."""
    if not value:
        return ""
    return str(value if isinstance(value, Secret) else Secret(str(value)))


@register.filter
def file_size(value: int | None) -> str:
    """Bytes as 86 KB or 1.2 MB."""
    if value is None:
        return ""
    return f"{max(1, round(value / 1024))} KB" if value < 1024 * 1024 else f"{value / 1024 / 1024:.1f} MB"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the page's sprite; decoration only, so words must stand beside it.

    :raises ValueError: if the sprite has no such symbol.
    """
    if name not in ICONS:
        raise ValueError(f"no icon {name!r} in the sprite")
    return ICONS[name]


@register.simple_tag
def verdict(tone: str, text: str = "") -> SafeString:
    """A verdict with icon and words; `tone` is ok, warn or bad, a finding's state, or a code of `Verdict`."""
    shade = STATE_TONES.get(tone) or VERDICT_TONES.get(tone) or (tone if tone in TONES else "")  # type: ignore[call-overload]
    if not shade:
        return markup('<span class="mut">{}</span>', text or "—")
    words = text or (Verdict(tone).label if tone in Verdict.values else STATE_WORDS[{"warn": "ask"}.get(tone, tone)])
    return markup('<span class="vd {}">{}{}</span>', shade, icon(TONES[shade]), words)


@register.simple_tag
def tag(tone: str, text: str) -> SafeString:
    """A status word: tone ok, warn, bad, info, up or empty (grey)."""
    return markup('<span class="tag {}">{}</span>', tone, text) if tone else markup('<span class="tag">{}</span>', text)


@register.simple_tag
def state_tag(request: Any) -> SafeString:
    """The status of a request (`state`, `status`, `turn_level`); violet while a higher level has it."""
    tone = REQUEST_TONES.get(request.state, "")
    if tone == "info" and request.turn_level in UPPER_LEVELS:
        tone = "up"
    return tag(tone, request.status)


@register.simple_tag
def due_chip(clock: Any) -> SafeString | str:
    """The deadline chip of a clock (`chip`, `chip_text`); nothing where no clock runs."""
    if not clock or not clock.chip_text:
        return ""
    name = DUE_ICONS.get(clock.chip)
    return markup('<span class="due {}">{}{}</span>', clock.chip, icon(name) if name else "", clock.chip_text)


@register.filter
def note_tone(level_tag: str) -> str:
    """The tone of a note for a level of Django's messages."""
    return NOTE_TONES.get(level_tag, level_tag if level_tag in NOTE_ICONS else "info")


@register.filter
def note_icon(tone: str) -> str:
    """The icon of a note's tone."""
    return NOTE_ICONS.get(tone, "info")


@register.filter
def finding_state(findings: Iterable[Finding], state: str) -> int:
    """How many findings are `ok`, `ask`, `bad`, or papers not there (`missing`, which are not counted as `bad`)."""
    return sum(1 for finding in findings if ("missing" if finding.words else finding.state) == state)


@register.filter
def state_words(state: str) -> str:
    """符合, 待人工核对 or 不符合."""
    return STATE_WORDS[state]


@register.filter
def clause_short(rule: Rule) -> str:
    """The short form of where a rule stands: 通知三（二）1; an assumed rule says so (rules.md, basis)."""
    own = rule.basis != Basis.NATIONAL and rule.clause[:1] in "一二三四五六七八九十"
    text = f"通知{rule.clause}" if own and rule.clause else rule.clause
    return f"{text}（假定）" if rule.basis == Basis.ASSUMED else text


@register.filter
def law_page(rule: Rule, law_url: str) -> str:
    """The page of the clause a rule rests on, under the address of all clauses; nothing where none of the notice is."""
    own = rule.basis != Basis.NATIONAL and rule.clause in clause_ids()
    return f"{law_url}{quote(rule.clause)}/" if own else ""


@register.filter
def reason_words(reason: Any) -> str:
    """A reason of an entry in one line: words, then clause."""
    if isinstance(reason, Mapping):
        words = reason.get("text") or reason.get("label") or reason.get("says") or ""
        return f"{words}（{reason['clause']}）" if reason.get("clause") else str(words)
    return str(reason)


@register.filter
def in_one_line(reasons: str | Iterable[str]) -> str:
    """Reasons as one line of the action bar."""
    return reasons if isinstance(reasons, str) else "；".join(str(reason) for reason in reasons)


@register.filter
def errors_of(field: BoundField) -> list[str]:
    """What is wrong with a field and how to mend it; the framework's stock sentences in the portal's wording."""
    choosing = hasattr(field.field, "choices") or field.field.widget.needs_multipart_form
    stock = {
        "required": f"请勾选“{field.label}”"
        if is_checkbox(field)
        else f"请{'选择' if choosing else '填写'}{field.label}",
        "invalid_choice": f"{field.label}所选的项已不可用，请重新选择",
    }
    return [stock.get(fault.code, text) for fault, text in zip(field.errors.as_data(), field.errors, strict=True)]


@register.filter
def page_numbers(page: Page) -> Iterable[int | str]:
    """The page numbers to show: both ends, the neighbours, and … between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether the field is a group of options under one legend."""
    widget = field.field.widget
    return getattr(widget, "input_type", "") in {"radio", "checkbox"} and widget.use_fieldset


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the field is one box to tick."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.field.widget.use_fieldset


@register.simple_tag
def control(field: BoundField, css: str = "") -> SafeString:
    """The control of a field with the classes of the style sheet added to its own."""
    base = "ck" if is_checkbox(field) else "in"
    classes = " ".join(filter(None, [base, field.field.widget.attrs.get("class", ""), css]))
    return field.as_widget(attrs={"class": classes})


@register.inclusion_tag("_components/sort_head.html", takes_context=True)
def sort_head(context: template.Context, label: str, key: str, css: str = "") -> dict[str, Any]:
    """A sortable column head: a link that sets `sort=key` or, when already ascending, `sort=-key`."""
    query = context["request"].GET.copy()
    current = query.get("sort", "")
    query["sort"] = f"-{key}" if current == key else key
    query.pop("page", None)
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "none")
    return {"label": label, "url": f"?{query.urlencode()}", "order": order, "css": css}


@register.simple_block_tag
def table(content: str, label: str, caption: str = "", css: str = "fold") -> SafeString:
    """A table in its own scrolling region: {% table "待办列表" "按期限由近到远" %}<thead>…<tbody>…{% endtable %}."""
    return markup(
        '<div class="tw" tabindex="0" role="region" aria-label="{}"><table class="tb {}">'
        '<caption class="vh">{}</caption>{}</table></div>',
        label,
        css,
        caption or label,
        content,
    )


@register.simple_block_tag
def desk(content: str, label: str) -> SafeString:
    """The scrolling desk on which sheets of an official form lie: {% desk "附件1 版面预览" %}…{% enddesk %}."""
    return markup('<div class="desk" tabindex="0" role="region" aria-label="{}">{}</div>', label, content)
