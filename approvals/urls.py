"""Addresses of the chain."""

from django.urls import path  # noqa: F401

app_name = "approvals"
urlpatterns: list = []
