"""Addresses of lists and plans, settings, clauses and the trail."""

from django.urls import path

from registry.views import admissions, certificates, check, plans, policy, roster, trail, year

urlpatterns = [
    path("admissions/", admissions.uploads, name="uploads"),
    path("admissions/template/", admissions.upload_template, name="upload_template"),
    path("admissions/<int:pk>/", admissions.upload, name="upload"),
    path("admissions/<int:pk>/progress/", admissions.upload_progress, name="upload_progress"),
    path("admissions/<int:pk>/import/", admissions.upload_import, name="upload_import"),
    path("admissions/<int:pk>/marked/", admissions.upload_marked, name="upload_marked"),
    path("admissions/<int:pk>/rest/", admissions.upload_rest, name="upload_rest"),
    path("plans/", plans.plans, name="plans"),
    path("policy/", policy.policy, name="policy"),
    path("policy/reopen/", policy.reopen, name="reopen"),
    path("policy/settings/<str:key>/", policy.setting, name="setting"),
    path("clauses/", policy.clauses, name="clauses"),
    path("clauses/<str:clause>/", policy.clause, name="clause"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<int:pk>/withdraw/", certificates.withdraw_certificate, name="withdraw_certificate"),
    path("check/", check.check, name="check"),
    path("check/<slug:code>/", check.check_code, name="check_code"),
    path("trail/", trail.trail, name="trail"),
    path("rosters/", roster.rosters, name="rosters"),
    path("rosters/<int:pk>/", roster.roster, name="roster"),
    path("rosters/<int:pk>/progress/", roster.roster_progress, name="roster_progress"),
    path("rosters/<int:pk>/import/", roster.roster_import, name="roster_import"),
    path("rosters/<int:pk>/undo/", roster.roster_undo, name="roster_undo"),
    path("rosters/<int:pk>/marked/", roster.roster_marked, name="roster_marked"),
    path("year/", year.year, name="year"),
    path("year/<int:school_year>/", year.year, name="year_of"),
]
