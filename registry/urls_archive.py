"""Addresses of archives."""

from django.urls import path

from registry.views import archive

urlpatterns = [
    path("archives/", archive.archives, name="archives"),
    path("schools/<int:pk>/archives/", archive.school_archives, name="school_archives"),
    path("archives/<int:pk>/", archive.archive, name="archive"),
    path("archives/<int:pk>/parcel/", archive.archive_parcel, name="archive_parcel"),
    path("archives/<int:pk>/receive/", archive.receive_archive, name="receive_archive"),
    path("archives/<int:pk>/files/<int:use>/", archive.material, name="material"),
    path("materials/<int:pk>/remove/", archive.remove_material, name="remove_material"),
]
