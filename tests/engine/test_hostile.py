"""Files that want to do harm, or are none: refused quickly, with a reason, by reading alone."""

import time

import pytest

from processes.engine.reading.xml import MAX_BYTES, MAX_DEPTH, Refused, parse
from tests.engine.drawing import BPMN, end, look, start, sub, xml

ENDLESS = b"".join(
    [
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">',
        *(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("k"))),
        b"]><definitions>&j;</definitions>",
    ]
)
FILES = {
    "empty": (b"", "empty"),
    "blank": (b" \n\t ", "empty"),
    "billion laughs": (ENDLESS, "has_dtd"),
    "a document type alone": (b"<!DOCTYPE definitions><definitions/>", "has_dtd"),
    "an outside entity": (
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>',
        "has_dtd",
    ),
    "a document type in UTF-16": ("<!DOCTYPE definitions><definitions/>".encode("utf-16"), "has_dtd"),
    "one level too deep": (b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), "too_deep"),
    "deep without an end": (b"<a>" * (MAX_BYTES // 3), "too_deep"),
    "a hundred thousand attributes": (
        b"<a " + b" ".join(b'a%d=""' % number for number in range(100_000)) + b"/>",
        "too_many_attributes",
    ),
    "six megabytes": (b"<a>" + b" " * 6 * 1024 * 1024 + b"</a>", "too_large"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20, "not_xml"),
    "zeros": (b"\0" * 1000, "not_xml"),
    "not UTF-8": (b'<?xml version="1.0" encoding="UTF-8"?><definitions name="\xff\xfe"/>', "not_xml"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="x-none"?><definitions/>', "not_xml"),
    "an encoding of several bytes": (b'<?xml version="1.0" encoding="shift_jis"?><definitions/>', "not_xml"),
    "an undefined entity": (b"<definitions>&nbsp;</definitions>", "not_xml"),
    "cut off": (xml(start(), end(), flows=["start end"])[:-30], "not_xml"),
    "two roots": (b"<a/><b/>", "not_xml"),
    "an unbound prefix": (b"<bpmn:definitions/>", "not_xml"),
    "JSON": (b'{"definitions": []}', "not_xml"),
    "another root": (b"<html/>", "not_bpmn"),
    "the right name in another namespace": (b'<definitions xmlns="urn:x"/>', "not_bpmn"),
    "no process": (f'<definitions xmlns="{BPMN}"/>'.encode(), "no_process"),
}


@pytest.mark.parametrize(("data", "code"), FILES.values(), ids=FILES)
def test_a_bad_file_is_refused_in_well_under_a_second(data: bytes, code: str) -> None:
    began = time.process_time()
    reading, codes = look(data)
    assert time.process_time() - began < 1
    assert codes == [code]
    assert reading.definitions == []


def test_the_place_of_the_mistake_is_told() -> None:
    reading, _ = look(b"<definitions>\n<process>\n</definitions>")
    assert reading.problems[0].line == 3


def test_attributes_and_text_are_not_expanded() -> None:
    with pytest.raises(Refused):
        parse(b'<!DOCTYPE a [<!ENTITY e "x">]><a b="&e;"/>')


GOOD = xml(start(), end(), flows=["start end"], name="Отпуск").decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_honest_encodings_are_read(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = GOOD.replace('<?xml version="1.0"?>', f'<?xml version="1.0" encoding="{declared}"?>')
    reading, codes = look(text.encode(encoding))
    assert codes == []
    assert reading.definitions[0].name == "Отпуск"


def test_latin_1_that_says_so_is_read() -> None:
    text = GOOD.replace("Отпуск", "Café").replace("?>", ' encoding="ISO-8859-1"?>', 1)
    reading, codes = look(text.encode("latin-1"))
    assert (codes, reading.definitions[0].name) == ([], "Café")


def test_two_hundred_levels_of_sub_processes_are_read() -> None:
    inside = end("innermost")
    for level in range(200):
        inside = sub(f"s{level}", inside)
    reading, codes = look(xml(start(), inside, flows=["start s199"]))
    assert [code for code in codes if code != "no_end"] == []
    assert len(reading.definitions[0].elements) == 202
