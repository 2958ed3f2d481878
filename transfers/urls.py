"""Addresses of 学籍变动."""

from django.urls import path

from transfers.views import apply, discretion, grounds, papers, prints, routes, student, windows

app_name = "transfers"
urlpatterns = [
    path("changes/", apply.changes, name="changes"),
    path("changes/discretion/", discretion.discretion, name="discretion"),
    path("changes/find/", apply.finding, name="find"),
    path("changes/national/", papers.nationals, name="nationals"),
    path("changes/apply/<slug:slug>/", apply.apply, name="apply_new"),
    path("changes/apply/<slug:slug>/<str:key>/", apply.apply, name="apply"),
    path("changes/<int:pk>/edit/", apply.mend, name="mend"),
    path("changes/<int:pk>/outside/", papers.outside, name="outside"),
    path("changes/<int:pk>/national/", papers.national, name="national"),
    path("changes/<int:pk>/proofs/<slug:slot>/", papers.upload, name="upload_proof"),
    path("changes/<int:pk>/print/<slug:paper>/", prints.print_paper, name="print"),
    path("proofs/<int:pk>/", papers.proof, name="proof"),
    path("proofs/<int:pk>/image/", papers.image, name="image"),
    path("proofs/<int:pk>/legible/", papers.legible, name="legible"),
    path("proofs/<int:pk>/attested/", papers.attested, name="attested"),
    path("routes/", routes.routes, name="routes"),
    path("routes/<slug:kind>/<str:case>/", routes.route, name="route"),
    path("grounds/", grounds.grounds, name="grounds"),
    path("windows/", windows.windows, name="windows"),
    path("students/<int:pk>/", student.student, name="student"),
    path("students/<int:pk>/reveal/", student.reveal, name="reveal"),
    path("students/<int:pk>/base-info/", prints.base_info, name="base_info"),
]
