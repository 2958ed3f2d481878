"""Addresses of the register."""

from registry import (
    urls_api,
    urls_archive,
    urls_batches,
    urls_comparing,
    urls_entry,
    urls_inspecting,
    urls_lists,
    urls_offices,
    urls_picture,
    urls_problems,
    urls_rosters,
    urls_turn,
    urls_verifying,
)

app_name = "registry"
urlpatterns = [
    *urls_batches.urlpatterns,
    *urls_lists.urlpatterns,
    *urls_offices.urlpatterns,
    *urls_picture.urlpatterns,
    *urls_archive.urlpatterns,
    *urls_problems.urlpatterns,
    *urls_turn.urlpatterns,
    *urls_entry.urlpatterns,
    *urls_rosters.urlpatterns,
    *urls_api.urlpatterns,
    *urls_comparing.urlpatterns,
    *urls_verifying.urlpatterns,
    *urls_inspecting.urlpatterns,
]
