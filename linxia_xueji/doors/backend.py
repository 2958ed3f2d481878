"""Who somebody signed in is: asked at the head of every page, and therefore by SQL that is written once."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from linxia_xueji.models import User
from linxia_xueji.prepared import records


class PortalBackend(ModelBackend):
    """Django's own, its user read like everything else that every page asks."""

    def get_user(self, user_id: int) -> User | None:
        """The user of a session; None where the account is gone or closed."""
        found = records(_user, of=(user_id,))
        return found[0] if found and self.user_can_authenticate(found[0]) else None


def _user(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)
