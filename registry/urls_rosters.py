"""Addresses of counts and rosters."""

from django.urls import path

from registry.views import counts, rolls

urlpatterns = [
    path("counts/", counts.counts, name="counts"),
    path("counts/file/", counts.counts_file, name="counts_file"),
    path("rolls/", rolls.roll, name="roll"),
    path("exports/", rolls.exports, name="exports"),
    path("exports/<int:pk>/", rolls.export, name="export"),
    path("exports/<int:pk>/file/", rolls.export_file, name="export_file"),
]
