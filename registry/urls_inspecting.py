"""Addresses of “人籍一致”专项督查."""

from django.urls import path

from registry.views import findings, inspection_site, inspections

urlpatterns = [
    path("inspections/", inspections.inspections, name="inspections"),
    path("inspections/plan/", inspections.plan_inspection, name="plan_inspection"),
    path("inspections/<int:pk>/", inspections.inspection, name="inspection"),
    path("inspections/<int:pk>/call-off/", inspections.call_off_inspection, name="call_off_inspection"),
    path("inspections/<int:pk>/file/", inspections.inspection_file, name="inspection_file"),
    path("visits/<int:pk>/", inspection_site.visit, name="visit"),
    path("visits/<int:pk>/begin/", inspection_site.begin_visit, name="begin_visit"),
    path("visits/<int:pk>/finish/", inspection_site.finish_visit, name="finish_visit"),
    path("visits/<int:pk>/site/", inspection_site.visit_site, name="visit_site"),
    path("visits/<int:pk>/photo/", inspection_site.visit_photo, name="visit_photo"),
    path("visits/<int:pk>/finding/", findings.new_finding, name="new_finding"),
    path("visits/<int:pk>/notice/", findings.visit_notice, name="visit_notice"),
    path("inspected/<int:pk>/", inspection_site.inspected, name="inspected"),
    path("inspection-photos/<int:pk>/", inspection_site.inspection_photo, name="inspection_photo"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("inspection-notices/<int:pk>/paper/", findings.notice_paper, name="notice_paper"),
]
