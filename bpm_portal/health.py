"""`/health/` for orchestrators: 200 while database, broker and cache answer, else 503; why is in the log."""

import asyncio
from collections.abc import Awaitable, Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import async_only_middleware
from health_check.base import HealthCheck
from health_check.checks import Cache, Database
from health_check.contrib.redis import Redis
from redis.asyncio import Redis as Client

PATH = "/health/"

GetResponse = Callable[[HttpRequest], Awaitable[HttpResponse]]


def checks() -> list[HealthCheck]:
    """What a request needs to be served and to be followed by the worker."""
    return [Database(), Cache(), Redis(client_factory=_broker)]


def _broker() -> Client:
    return Client.from_url(settings.CELERY_BROKER_URL, socket_timeout=5, socket_connect_timeout=2)


@async_only_middleware
def health_middleware(get_response: GetResponse) -> GetResponse:
    """Answer before anything else does.

    A probe asks by the container's address, without HTTPS: ALLOWED_HOSTS and the redirect would refuse it.
    """

    async def middleware(request: HttpRequest) -> HttpResponse:
        if request.path != PATH:
            return await get_response(request)
        results = await asyncio.gather(*(check.get_result() for check in checks()))
        healthy = not any(result.error for result in results)
        answer = JsonResponse({"healthy": healthy}, status=200 if healthy else 503)
        answer["Cache-Control"] = "no-store"
        return answer

    return middleware
