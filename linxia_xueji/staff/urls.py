"""Addresses of posts, people and accounts."""

from django.urls import path

from linxia_xueji.staff import views

app_name = "staff"
urlpatterns = [
    path("staff/", views.posts, name="posts"),
    path("staff/unset/", views.unset, name="unset"),
    path("staff/unused/", views.unused, name="unused"),
    path("staff/sealed/", views.sealed, name="sealed"),
    path("staff/find/", views.find, name="find"),
    path("staff/appoint/", views.appoint, name="appoint"),
    path("posts/<int:pk>/", views.post, name="post"),
    path("posts/<int:pk>/<slug:deed>/", views.post_deed, name="post_deed"),
    path("appointments/<int:pk>/end/", views.end, name="end"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/<slug:deed>/", views.person_deed, name="person_deed"),
]
