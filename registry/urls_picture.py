"""Addresses of the picture."""

from django.urls import path

from registry.views import picture

urlpatterns = [
    path("picture/", picture.picture, name="picture"),
    path("picture/requests/", picture.picture_requests, name="picture_requests"),
    path("picture/file/", picture.picture_file, name="picture_file"),
]
