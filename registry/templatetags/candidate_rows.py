"""The students of a batch on its decision page, written at once like the lines of a list of requests."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from linxia_xueji.addresses import address
from linxia_xueji.markup import markup
from linxia_xueji.templatetags.portal import verdict
from registry.facts import differing_fields
from registry.models import Candidate

register = template.Library()

LINE = (
    '<tr><td class="num" data-l="学号">{}</td><th scope="row" data-l="姓名"><a class="ell" href="{}" title="{}">{}</a></th>'
    '<td data-l="性别">{}</td><td class="num" data-l="准考证号">{}</td><td class="num" data-l="身份证号">{}</td>'
    '<td class="nw" data-l="与录取名单">{}</td>{}</tr>\n'
)
STRIKE = '<td class="nw op"><a href="{}">核减<span class="vh"> {}</span></a></td>'


@register.simple_tag
def candidate_rows(people: Iterable[Candidate], numbers: dict[int, str], may_strike: bool) -> SafeString:
    """A line for each student.

    :param numbers: candidate id → number issued or proposed.
    :param may_strike: whether the person may strike students from the batch.
    """
    same, differing = verdict("ok", "一致"), verdict("warn", "有更正")
    lines = (
        markup(
            LINE,
            numbers.get(person.pk) or "—",
            address("registry:candidate", person.pk),
            person.name,
            person.name,
            person.get_sex_display(),
            person.exam_number,
            str(person.id_number),
            differing if differing_fields(person) else same,
            markup(STRIKE, address("registry:strike", person.pk), person.name) if may_strike else "",
        )
        for person in people
    )
    return SafeString("".join(lines))
