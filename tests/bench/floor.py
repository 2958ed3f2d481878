"""What the portal is held against: a bare Django view with three queries and a template of 50 rows."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

ROWS = 50
PAGE = engines["django"].from_string(
    "<!DOCTYPE html><html><head><title>{{ name }}</title></head><body><p>{{ total }}</p><table>"
    "{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.subject }}</td><td>{{ row.state }}</td>"
    "<td>{{ row.turn_label }}</td><td>{{ row.due_on|date:'Y-m-d' }}</td><td>{{ row.submitted_on|date:'Y-m-d' }}</td>"
    "<td>{{ row.verdict }}</td><td>{{ row.verdict_text }}</td><td><a href='/requests/{{ row.pk }}/'>{{ row.pk }}</a></td>"
    "</tr>{% endfor %}</table></body></html>"
)


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty requests by id, how many there are of the next thousand ids, and one name."""
    from approvals.models import Request
    from linxia_xueji.models import Organisation

    rows = list(Request.objects.order_by("pk")[:ROWS])
    total = Request.objects.filter(pk__gte=rows[0].pk, pk__lt=rows[0].pk + 1000).count()
    name = Organisation.objects.values_list("name", flat=True).order_by("pk").first()
    return HttpResponse(PAGE.render({"rows": rows, "total": total, "name": name}))


def nothing(request: HttpRequest) -> HttpResponse:
    """A round trip to the database and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("")


urlpatterns = [path("bench-floor/", bare), path("", include("linxia_xueji.urls"))]
