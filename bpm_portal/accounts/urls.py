"""Sign-in, profile, substitution and the people directory."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from bpm_portal.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("profile/", views.profile, name="profile"),
    path("substitution/", views.substitution, name="substitution"),
    path("substitution/<int:pk>/end/", views.end, name="substitution-end"),
    path("preferences/theme/", views.set_theme, name="theme"),
    path("preferences/language/", views.set_language, name="language"),
    path("people/", views.people, name="people"),
    path("roles/", views.roles, name="roles"),
]
