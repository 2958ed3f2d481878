"""Addresses of the register."""

from registry import urls_batches, urls_lists

app_name = "registry"
urlpatterns = [*urls_batches.urlpatterns, *urls_lists.urlpatterns]
