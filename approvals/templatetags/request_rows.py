"""The lines of a list of requests, written at once: a page of fifty through includes and tags takes ten times as long."""

from django import template
from django.utils.safestring import SafeString

from approvals.rows import Row
from linxia_xueji.markup import markup
from linxia_xueji.templatetags.portal import due_chip, short_date, state_tag, verdict

register = template.Library()

BOX = '<td><label class="ckl"><input class="ck" type="checkbox" name="item" value="{}"><span class="vh">选择{} {}</span></label></td>'
SHUT = '<td><label class="ckl"><input class="ck" type="checkbox" disabled><span class="vh">不能批量：{}</span></label></td>'
NONE = SafeString('<span class="mut">—</span>')
OVER = SafeString(' class="over"')
LINE = (
    '<tr{over}>{box}<td class="nw" data-l="办理期限"><span>{due}</span></td>{state}<td class="nw" data-l="业务">{kind}</td>'
    '<th scope="row" data-l="学生/批次"><a class="ell wide" href="{url}" title="{subject}">{subject}</a></th>'
    '<td data-l="申请学校"><span class="ell" title="{school}">{school}</span></td>{check}'
    '<td class="num" data-l="提交">{submitted}</td><td class="num mut" data-l="受理号">{number}</td>'
    '<td class="nw op"><a href="{url}">{action}<span class="vh"> {number} {subject}</span></a></td></tr>\n'
)


@register.simple_tag
def request_row(row: Row, show_state: bool = False, kept: str = "", boxes: bool = False) -> SafeString:
    """One line: the due date with its chip, then the status or the verdict, and what is asked of the person.

    :param kept: the filter of the list as the end of an address, so that the files beside it are those of the list.
    :param boxes: whether there is a box before it; where it cannot be ticked, it says why.
    """
    return markup(
        LINE,
        over=OVER if row.clock and row.clock.chip == "over" else "",
        box=_box(row) if boxes else "",
        due=due_text(row.clock),
        state=markup('<td class="nw" data-l="状态">{}</td>', state_tag(row)) if show_state else "",
        kind=row.kind_label,
        url=row.url + (kept or ""),
        subject=row.subject,
        school=row.school_name,
        check="" if show_state else markup('<td data-l="系统核验">{}</td>', verdict(**row.check)),
        submitted=short_date(row.submitted_on) or "—",
        number=row.number,
        action=row.action or "审核",
    )


def _box(row: Row) -> SafeString:
    return markup(SHUT, row.alone) if row.alone else markup(BOX, row.ticked_as, row.number, row.subject)


def due_text(clock) -> SafeString:
    """A due date before its chip: 9-19, and how many working days are left."""
    if clock is None:
        return NONE
    if clock.due and clock.chip != "hold":
        return markup('<span class="num">{}</span>　{}', short_date(clock.due), due_chip(clock))
    return due_chip(clock)
