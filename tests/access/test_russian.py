"""Every page in Russian: no English word of the catalogue is left in what a reader sees or hears."""

import re

import pytest
from lxml import html

from bpm_portal.accounts.models import User
from bpm_portal.texts import find_texts
from tests.access.pages import PAGES
from tests.access.test_doors import body, knock
from tests.access.world import SECRET, World

pytestmark = pytest.mark.django_db
WORD = re.compile(r"[A-Za-z]{3,}")
SAID = ("aria-label", "alt", "placeholder", "title", "data-confirm", "data-confirm-label", "data-text")
# Names stay as they are: of programs, keys, languages, people, and the labels of the sections and of the diagram.
PROGRAMS = {
    "api",
    "bpm",
    "bpmn",
    "csv",
    "dmn",
    "email",
    "javascript",
    "portal",
    "alt",
    "excel",
    "google",
    "https",
    "outlook",
    "utf",
    "windows",
    "ctrl",
    "enter",
    "shift",
    "english",
}
PEOPLE = {"admin", "alice", "bob", "carol", "dave", "mallory", "petra", "sales", "managers", "clerks"}
PEOPLE |= {"process", "administrators"}  # a role
LABELS = {"accounts", "amount", "partner", "place", "ready", "secret", "signed", "subject", "yes"}
ELEMENTS = {"decide", "end", "false", "purchase", "sign", "start"}  # ids, and values in conditions
CAPTIONS = re.compile(rf"{SECRET} \w+|it did not work")


def english_words() -> set[str]:
    """What the portal says in English, word by word."""
    texts = (text for found in find_texts() for text in (found.msgid, found.plural))
    bare = (re.sub(r"%\(\w+\)\w|\{\w+\}|<[^>]+>", " ", text) for text in texts)
    return {word.lower() for text in bare for word in WORD.findall(text)}


ENGLISH = english_words() - PROGRAMS - PEOPLE - LABELS - ELEMENTS


def said(page: str) -> str:
    """What is read or heard of a page: its texts and the attributes that are said."""
    tree = html.fromstring(page or "<p></p>")
    for silent in tree.xpath("//script|//style|//code|//option[contains(text(), '/')]"):
        silent.drop_tree()
    heard = [value for name in SAID for value in tree.xpath(f"//@{name}")]
    return CAPTIONS.sub("", "\n".join([tree.text_content(), *heard]))


def left_over(page: str) -> set[str]:
    return {word for word in WORD.findall(said(page)) if word.lower() in ENGLISH}


LOOKS = [door for door in PAGES if door.method == "GET"]


@pytest.mark.parametrize("door", LOOKS, ids=lambda door: door.id)
def test_a_page_has_no_english_left(made_world: World, db, signed_in, door) -> None:
    User.objects.update(language="ru")
    for name in ("admin", "bob"):
        response = knock(door, made_world, signed_in[name])
        if response.streaming:
            body(response)  # to the end, so that its file is closed
            continue
        if response.headers.get("Content-Type", "").startswith("text/html"):
            left = left_over(response.content.decode())
            assert not left, f"{door.id}: {', '.join(sorted(left))}"
