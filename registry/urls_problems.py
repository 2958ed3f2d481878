"""Addresses of 问题学籍."""

from django.urls import path

from registry.views import problems

urlpatterns = [
    path("problems/", problems.problems, name="problems"),
    path("problems/<int:pk>/", problems.problem, name="problem"),
]
