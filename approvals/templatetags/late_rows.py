"""The lines of 超期与督办, written at once like those of the other lists."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from approvals.supervision import Late
from approvals.templatetags.request_rows import NONE, due_text
from linxia_xueji.markup import markup
from linxia_xueji.templatetags.portal import short_date, state_tag

register = template.Library()

LINE = (
    '<tr class="over"><td class="nw" data-l="办理期限"><span>{due}</span></td><td class="nw" data-l="状态">{state}</td>'
    '<td data-l="现在何处"><span class="ell" title="{who}">{who}</span></td>'
    '<th scope="row" data-l="学生/批次"><a class="ell wide" href="{url}" title="{subject}">{subject}</a></th>'
    '<td class="nw" data-l="督办">{notes}</td><td class="num mut" data-l="受理号">{number}</td>'
    '<td class="nw op">{urge}<a href="{url}">查看<span class="vh"> {number} {subject}</span></a></td></tr>\n'
)
NOTES = '<span>{}次<span class="mut">，最近{}</span></span>'
URGE = '<a href="{}">督办<span class="vh"> {} {}</span></a>'


@register.simple_tag
def late_row(late: Late) -> SafeString:
    """One line: since when, with whom, how often urged; 督办 where the person may."""
    row = late.row
    return markup(
        LINE,
        due=due_text(row.clock),
        state=state_tag(row),
        who=late.who,
        url=row.url,
        subject=row.subject,
        notes=markup(NOTES, late.notes, short_date(late.last)) if late.notes else NONE,
        number=row.number,
        urge=markup(URGE, reverse("approvals:supervision", args=[row.pk]), row.number, row.subject) if late.may else "",
    )
