"""The jobs of the register, where the worker looks for them."""

from registry.admissions.tasks import check_upload, import_upload
from registry.orders import make_order
from registry.roster.tasks import check_roster, import_roster

__all__ = ["check_roster", "check_upload", "import_roster", "import_upload", "make_order"]
