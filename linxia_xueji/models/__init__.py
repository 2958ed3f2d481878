"""Models of the ground."""

from linxia_xueji.models.certificates import OfficeCertificate
from linxia_xueji.models.counters import Tally
from linxia_xueji.models.drafts import Draft
from linxia_xueji.models.files import FileUse, StoredFile  # noqa: I001 - built on Scoped
from linxia_xueji.models.organisations import Division, Organisation, OrganisationName
from linxia_xueji.models.people import (
    AccountSeal,
    Appointment,
    OrganisationGroupObjectPermission,
    OrganisationUserObjectPermission,
    Post,
    User,
)
from linxia_xueji.models.policy import PolicyValue
from linxia_xueji.models.scope import Scoped, ScopedQuerySet, same_scope, scope_of
from linxia_xueji.models.second_factor import RecoveryCode, SecondFactor
from linxia_xueji.models.trail import TrailEntry

__all__ = [
    "AccountSeal",
    "Appointment",
    "Division",
    "Draft",
    "FileUse",
    "OfficeCertificate",
    "Organisation",
    "OrganisationGroupObjectPermission",
    "OrganisationName",
    "OrganisationUserObjectPermission",
    "PolicyValue",
    "Post",
    "RecoveryCode",
    "Scoped",
    "ScopedQuerySet",
    "SecondFactor",
    "StoredFile",
    "Tally",
    "TrailEntry",
    "User",
    "same_scope",
    "scope_of",
]
