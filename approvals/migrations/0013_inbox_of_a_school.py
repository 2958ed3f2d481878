from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The desk narrowed to one school looks at that school's requests alone, however long the queue."""

    dependencies = [("approvals", "0012_awaits_national")]
    operations = [
        migrations.AddIndex(
            "request",
            models.Index(
                fields=["turn_organisation", "school", "due_on"],
                condition=Q(state__in=["draft", "pending", "returned"]),
                name="request_inbox_school",
            ),
        ),
    ]
