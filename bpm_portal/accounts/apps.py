"""Django's entry to the accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users and their preferences."""

    name = "bpm_portal.accounts"
    label = "accounts"
    verbose_name = _("People")
