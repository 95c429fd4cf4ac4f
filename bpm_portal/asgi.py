"""The web server's entry: `/events/` is a raw coroutine, everything else is Django."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bpm_portal.settings")
# Each request runs in a thread of its own, and a connection belongs to its thread: without a pool every request
# would open one (half of its time), and old ones would pile up.
os.environ.setdefault("DATABASE_POOL", "16")
django_application = get_asgi_application()

from bpm_portal.common.sizes import measured  # noqa: E402  (both need the apps to be loaded)
from notifications.stream import live_stream  # noqa: E402


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Send live streams past Django: a Django view would hold a thread and a connection per open page."""
    if scope["type"] == "http" and scope["path"] == "/events/":
        await live_stream(scope, receive, send)
    elif scope["type"] == "lifespan":
        await answer_lifespan(receive, send)
    else:
        receive_body = measured(scope, receive) if scope["type"] == "http" else receive
        await django_application(scope, receive_body, send)


async def answer_lifespan(receive: Any, send: Any) -> None:
    """Tell the server that nothing needs to be started or stopped."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
