"""All addresses: sign-in and files here, the rest in the apps."""

from django.contrib.auth import views as auth
from django.urls import include, path

from linxia_xueji import help, views
from linxia_xueji.doors import views as doors

urlpatterns = [
    path("login/", doors.sign_in, name="login"),
    path("login/code/", doors.sign_in_code, name="sign_in_code"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", doors.password, name="password"),
    path("second-factor/", doors.second_factor_page, name="second_factor"),
    path("confirm/", doors.confirm, name="confirm"),
    path("large-type/", views.large_type, name="large_type"),
    path("drafts/", views.drafts, name="drafts"),
    path("files/<int:pk>/", views.file, name="file"),
    path("help/", help.index, name="help"),
    path("help/<slug:role>/", help.role, name="help_role"),
    path("", include("linxia_xueji.staff.urls")),
    path("", include("approvals.urls")),
    path("", include("registry.urls")),
    path("", include("transfers.urls")),
]
