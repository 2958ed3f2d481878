"""The job's part: each account grown unused is told of once; sealed only where the setting leaves that to the job."""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from linxia_xueji.dates import SHANGHAI
from linxia_xueji.enums import Level
from linxia_xueji.models import Organisation, User
from linxia_xueji.staff.reach import people_of, seat_of
from linxia_xueji.staff.sealing import Terms, idle_days, seal, terms_for, unused

Tell = Callable[[User, Organisation, str], None]
"""Called with the person, the organisation he belongs to and a sentence for those who answer for its accounts."""


@transaction.atomic
def look_over(on: date, tell: Tell) -> int:
    """Tell of every account that has newly grown unused, and seal what is due where that is the job's.

    :returns: how many accounts were told of or sealed. Asked twice on one day, it does nothing the second time.
    """
    done = 0
    for prefecture in Organisation.objects.filter(level=Level.PREFECTURE):
        terms = terms_for(prefecture, on)
        people = people_of([prefecture.pk])
        if terms.by_job:
            done += sum(_seal(person, terms, on, tell) for person in unused(people, terms.sealed_after, on))
        listed = unused(people, terms.listed_after, on).filter(_not_yet_told())
        done += sum(_tell(person, terms, on, tell) for person in listed)
    return done


def _not_yet_told() -> Q:
    """Nobody was told since the account was last used."""
    return Q(unused_told_on=None) | Q(unused_told_on__lt=TruncDate(F("last_used"), tzinfo=SHANGHAI))


def _seal(person: User, terms: Terms, on: date, tell: Tell) -> int:
    days = idle_days(person.last_used, on)
    seal(person=person, reason=f"{days}日未登录，按设置到期自动封存", by=None)
    return _said(person, f"{days}日未登录，账号已自动封存", tell)


def _tell(person: User, terms: Terms, on: date, tell: Tell) -> int:
    User.objects.filter(pk=person.pk).update(unused_told_on=on)
    days = idle_days(person.last_used, on)
    due = "已到可以封存的期限" if days >= terms.sealed_after else f"满{terms.sealed_after}日可以封存"
    return _said(person, f"已{days}日未登录，{due}", tell)


def _said(person: User, words: str, tell: Tell) -> int:
    organisation = seat_of(person).post.organisation
    tell(person, organisation, f"{organisation.short_name}{person.full_name}（{person.username}）{words}")
    return 1
