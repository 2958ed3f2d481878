"""The jobs of the register, where the worker looks for them."""

from registry.admissions.tasks import check_upload, import_upload

__all__ = ["check_upload", "import_upload"]
