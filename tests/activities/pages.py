"""What the tests of pages share."""

from django.contrib.messages import get_messages

LIST = "/activities/"


def page(activity, action=""):
    """The address of an activity, or of what is done with it."""
    return f"/activities/{activity.pk}/{action}"


def text(response, status=200):
    """The body of a response with this status."""
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def shown(response):
    """The titles of a list."""
    text(response)
    return [activity.title for activity in response.context["page"]]


def said(response):
    """The messages that the next page shows."""
    return [str(message) for message in get_messages(response.wsgi_request)]
