"""All addresses: sign-in and files here, the rest in the apps."""

from django.contrib.auth import views as auth
from django.urls import include, path

from linxia_xueji import views

urlpatterns = [
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("large-type/", views.large_type, name="large_type"),
    path("drafts/", views.drafts, name="drafts"),
    path("files/<int:pk>/", views.file, name="file"),
    path("", include("linxia_xueji.staff.urls")),
    path("", include("approvals.urls")),
    path("", include("registry.urls")),
]
