"""{% typed_form %}: the one way a page draws a form in which people type, begun with the draft left in it."""

from typing import Any
from urllib.parse import urlsplit

from django import forms, template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.safestring import SafeString

from linxia_xueji.drafts import Held, held, key_of
from linxia_xueji.forms import made_on_another_version, restore
from linxia_xueji.models import Draft

register = template.Library()


@register.tag
def typed_form(parser: Parser, token: Token) -> "TypedForm":
    """{% typed_form form url css="body" deed="enter_day" %}…{% endtyped_form %}: a POST form whose fields are kept.

    The view at `url` is `drafted` (linxia_xueji/drafts.py). `deed` tells forms of one address apart. The unbound form
    is filled before its fields are drawn; the note about the draft stands above it.
    """
    words = token.split_contents()[1:]
    if len(words) < 2:
        raise template.TemplateSyntaxError("typed_form takes a form and an address")
    form, url = (parser.compile_filter(word) for word in words[:2])
    options = token_kwargs(words[2:], parser)
    body = parser.parse(("endtyped_form",))
    parser.delete_first_token()
    return TypedForm(form, url, options, body)


class TypedForm(template.Node):
    """Fills the form, then draws _components/typed_form.html around what stands between the tags."""

    def __init__(
        self, form: FilterExpression, url: FilterExpression, options: dict[str, FilterExpression], nodelist: NodeList
    ):
        self.form, self.url, self.options, self.nodelist = form, url, options, nodelist

    def render(self, context: template.Context) -> SafeString:
        """The note and the form."""
        form, url = self.form.resolve(context), self.url.resolve(context)
        given = {name: value.resolve(context) for name, value in self.options.items()}
        key = key_of(urlsplit(url).path, given.get("deed", ""))
        # What was just posted stands in the form; an older draft of it is nobody's question.
        draft = None if form.is_bound else draft_of(context, key)
        restored = draft is not None
        older = restored and made_on_another_version(form, draft.fields)
        if restored:
            restore(form, draft.fields)
        shown = {
            "form": form, "url": url, "key": key, "draft": draft, "restored": restored, "older": older,
            "css": given.get("css", ""), "deed": given.get("deed", ""),
        }  # fmt: skip
        with context.push(form=form):
            shown["body"] = self.nodelist.render(context)
        with context.push(**shown):
            return context.template.engine.get_template("_components/typed_form.html").render(context)


def draft_of(context: template.Context, key: str) -> Held | None:
    """The draft of a form; the frame counts the person's drafts, and one query a page finds which forms have any."""
    request = context["request"]
    if not context.get("drafts_kept"):
        return None
    if not hasattr(request, "draft_keys"):
        request.draft_keys = set(Draft.objects.filter(user=request.user).values_list("path", flat=True))  # type: ignore[attr-defined]
    return held(request.user, key) if key in request.draft_keys else None  # type: ignore[attr-defined]


@register.simple_tag(takes_context=True)
def has_draft(context: template.Context, form: forms.BaseForm | None, url: str) -> Any:
    """Whether something was left in the form posted to that address."""
    return form is not None and draft_of(context, urlsplit(url).path) is not None
