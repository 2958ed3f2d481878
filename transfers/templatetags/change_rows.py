"""The lines of the list of changes, written at once like those of the other lists."""

from django import template
from django.utils.safestring import SafeString

from linxia_xueji.addresses import address
from linxia_xueji.markup import markup
from linxia_xueji.templatetags.portal import day, state_tag, verdict
from transfers.change_list import Line

register = template.Library()

LINE = (
    '<tr><td class="num" data-l="受理号">{number}</td><td class="nw" data-l="业务">{kind}</td>'
    '<th scope="row" data-l="事项"><a class="ell" href="{url}" title="{subject}">{subject}</a></th>'
    '<td data-l="申请学校"><span class="ell" title="{school_name}">{school}</span></td>'
    '<td class="num" data-l="申请日期">{applied}</td><td data-l="核验">{check}</td>'
    '<td class="nw" data-l="状态">{state}</td>'
    '<td class="nw op"><a href="{url}">打开<span class="vh"> {subject}</span></a></td></tr>\n'
)


@register.simple_tag
def change_row(line: Line, kinds: dict[str, str]) -> SafeString:
    """One line. :param kinds: business → what it is called."""
    return markup(
        LINE,
        number=line.number,
        kind=kinds[line.kind],
        url=address("approvals:request", line.pk),
        subject=line.subject,
        school_name=line.school_name,
        school=line.school,
        applied=day(line.applied_on),
        check=verdict(line.verdict, line.verdict_text),
        state=state_tag(line),
    )
