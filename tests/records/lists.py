"""Lists of records as a page shows them."""

import re

from django.urls import reverse


def listing(section, **query):
    return reverse("records:list", args=[section.code], query=query)


def captions(response):
    return re.findall(r'class="list-title"[^>]*>([^<]*)</a>', response.content.decode())
