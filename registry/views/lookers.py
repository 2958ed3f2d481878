"""Who has looked at what is masked of a student, printed it or found the student by number: from the trail."""

from django.db.models import Q, QuerySet

from linxia_xueji.models import TrailEntry
from registry.models import Enrolment

MOST = 20


def lookers(enrolment: Enrolment) -> QuerySet[TrailEntry]:
    """The latest entries of the trail about the student or this enrolment, with who made them; one query."""
    about = Q(target_type="registry.enrolment", target_id=str(enrolment.pk))
    about |= Q(target_type="registry.student", target_id=str(enrolment.student_id))
    return TrailEntry.objects.filter(about).select_related("by", "post__organisation").order_by("-at", "-pk")[:MOST]
