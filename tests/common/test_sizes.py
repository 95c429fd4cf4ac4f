"""A request that brings too much is refused in words, before any of it is kept; asked of the server's own entry."""

import asyncio
import os

import httpx
import pytest

from bpm_portal.asgi import application

LARGE = 3 * 2**20
FILES = {"content-type": "multipart/form-data; boundary=x"}


@pytest.fixture(autouse=True)
def limits(settings):
    settings.REQUEST_SIZE = 5 * 2**20
    settings.ALLOWED_HOSTS = ["testserver"]


def sent(path: str, size: int, *, is_declared: bool = True, **headers: str) -> httpx.Response:
    """What a stranger gets for a body of so many bytes."""

    async def pieces():
        for _piece in range(size // 2**16):
            yield os.urandom(2**16)

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            length = {"content-length": str(size)} if is_declared else {}
            return await client.post(path, content=pieces(), headers={**length, **headers})

    return asyncio.run(send())


@pytest.mark.parametrize("is_declared", [True, False])
@pytest.mark.parametrize(
    ("size", "headers", "limit"), [(LARGE, {}, "2.5 MB"), (LARGE * 2, FILES, "5 MB")], ids=["text", "files"]
)
def test_too_much_is_refused_in_words(is_declared, size, headers, limit):
    answer = sent("/sign-in/", size, is_declared=is_declared, **headers)
    assert answer.status_code == 413
    assert f"larger than {limit}" in answer.text


def test_programs_are_told_by_a_code():
    answer = sent("/api/v1/records/", LARGE, **{"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_files_may_be_larger_than_texts():
    assert sent("/sign-in/", LARGE, **FILES).status_code != 413
