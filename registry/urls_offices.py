"""Addresses of the offices: their workload, and the import of schools and people."""

from django.urls import path

from registry.views import offices, workload

urlpatterns = [
    path("workload/", workload.workload, name="workload"),
    path("workload/file/", workload.workload_file, name="workload_file"),
    path("offices/", offices.offices, name="offices"),
    path("offices/template/", offices.office_template, name="office_template"),
    path("offices/<int:pk>/", offices.office, name="office"),
    path("offices/<int:pk>/import/", offices.office_import, name="office_import"),
    path("offices/<int:pk>/marked/", offices.office_marked, name="office_marked"),
    path("offices/<int:pk>/passwords/", offices.office_passwords, name="office_passwords"),
]
