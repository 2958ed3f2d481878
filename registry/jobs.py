"""The jobs of the register, where the worker looks for them."""

from registry.admissions.tasks import check_upload, import_upload
from registry.offices.tasks import look_over_accounts
from registry.orders import make_order
from registry.problems.tasks import search_nightly, search_problems
from registry.roster.tasks import check_roster, import_roster
from registry.verifying.tasks import remind_schools, settle_deviations
from registry.year_turn.tasks import count_turn, work_turn

__all__ = [
    "check_roster",
    "check_upload",
    "count_turn",
    "import_roster",
    "import_upload",
    "look_over_accounts",
    "make_order",
    "remind_schools",
    "search_nightly",
    "search_problems",
    "settle_deviations",
    "work_turn",
]
