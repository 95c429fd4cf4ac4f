"""The icons among which a section chooses its own, and the input that shows them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ICONS = {
    "file-text": _("Document"),
    "contract": _("Contract"),
    "receipt": _("Invoice"),
    "building": _("Company"),
    "address-book": _("Contacts"),
    "user": _("Person"),
    "users": _("Team"),
    "inbox": _("Inbox"),
    "mail": _("Letter"),
    "phone": _("Call"),
    "headset": _("Support"),
    "calendar": _("Event"),
    "briefcase": _("Project"),
    "target": _("Goal"),
    "bulb": _("Idea"),
    "bug": _("Defect"),
    "tool": _("Repair"),
    "package": _("Goods"),
    "box": _("Box"),
    "shopping-cart": _("Purchase"),
    "truck": _("Delivery"),
    "car": _("Vehicle"),
    "home": _("Property"),
    "map-pin": _("Place"),
    "coin": _("Money"),
    "credit-card": _("Payment"),
    "chart-bar": _("Report"),
    "school": _("Training"),
    "heart": _("Health"),
    "shield": _("Security"),
    "folder": _("Folder"),
    "tag": _("Label"),
    "star": _("Favourite"),
}


class IconSelect(forms.RadioSelect):
    """All icons side by side, each with its name for those who do not see it."""

    option_template_name = "records/icon_option.html"

    class Media:
        """The icons, as the portal's pages have them."""

        css = {"all": ("vendor/icons/tabler-icons.min.css",)}


class IconField(forms.ChoiceField):
    """One of `ICONS`; one that is chosen already may stay."""

    widget = IconSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=list(ICONS.items()), **options)

    def keep(self, icon: str) -> None:
        """Offer this one too."""
        if icon and icon not in ICONS:
            self.choices = [(icon, icon), *ICONS.items()]
