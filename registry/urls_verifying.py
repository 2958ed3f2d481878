"""Addresses of 信息核查."""

from django.urls import path

from registry.views import deviations, verification_school, verifications

urlpatterns = [
    path("verifications/", verifications.verifications, name="verifications"),
    path("verifications/<int:pk>/", verifications.verification, name="verification"),
    path("verifications/<int:pk>/schools/", verifications.verification_schools, name="verification_schools"),
    path("verifications/<int:pk>/remind/", verifications.verification_remind, name="verification_remind"),
    path("verifications/<int:pk>/report/", verifications.verification_report, name="verification_report"),
    path("verifications/<int:pk>/file/", verifications.verification_file, name="verification_file"),
    path("verifications/<int:pk>/sample/", deviations.verification_sample, name="verification_sample"),
    path("verifications/<int:pk>/deviations/", deviations.deviations, name="deviations"),
    path("samples/<int:pk>/agrees/", deviations.sample_agrees, name="sample_agrees"),
    path("school-verifications/<int:pk>/", verification_school.school_verification, name="school_verification"),
    path("school-verifications/<int:pk>/attest/", verification_school.verification_attest, name="verification_attest"),
    path("school-verifications/<int:pk>/sign/", verification_school.verification_sign, name="verification_sign"),
    path("school-verifications/<int:pk>/return/", verification_school.verification_return, name="verification_return"),
    path("verified-classes/<int:pk>/", verification_school.verification_class, name="verification_class"),
    path("verified-classes/<int:pk>/extra/", verification_school.verification_extra, name="verification_extra"),
    path(
        "verified-classes/<int:pk>/students/<int:enrolment>/",
        verification_school.verification_student,
        name="verification_student",
    ),
    path("deviations/<int:pk>/", deviations.deviation, name="deviation"),
    path("deviations/<int:pk>/settle/", deviations.deviation_settle, name="deviation_settle"),
]
