"""What a list is compared with, in short: while it reads the same, a comparison made before is still true."""

from django.db import connection

from registry.admissions.comparison import SUBMITTED

# The three things `registry.admissions.comparison` reads: the admissions in force, where each version of a row counts
# as another (place and transaction), the students in submitted batches, and the names of the organisations.
_PAST = """
SELECT concat_ws(' ',
    (SELECT count(*) || ':' || coalesce(sum(hashtextextended(concat_ws(' ', id, ctid, xmin), 0)), 0)
       FROM registry_admission WHERE year = %(year)s AND superseded_at IS NULL),
    (SELECT count(*) || ':' || coalesce(sum(hashtextextended(
                concat_ws(' ', a.exam_number, split_part(a.id_number, '$', 1), c.school_id), 0)), 0)
       FROM registry_candidate c JOIN registry_admission a ON a.id = c.admission_id
            JOIN registry_enrolmentbatch b ON b.id = c.batch_id JOIN approvals_request r ON r.id = b.request_id
      WHERE c.year = %(year)s AND c.struck_on IS NULL AND r.state = ANY(%(submitted)s)),
    (SELECT count(*) || ':' || coalesce(sum(hashtextextended(concat_ws(' ', o.id, o.short_name, d.short_name), 0)), 0)
       FROM linxia_xueji_organisation o JOIN linxia_xueji_division d ON d.code = o.division_id))
"""


def past(year: int) -> str:
    """A fingerprint of all a list of that year is compared with, at most 200 characters.

    Two that are alike mean that nothing changed in between; two that differ, that something may have.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAST, {"year": year, "submitted": [state.value for state in SUBMITTED]})
        return cursor.fetchone()[0]
