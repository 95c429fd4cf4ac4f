"""XML from strangers: refused before it can do harm, else a plain tree."""

from xml.parsers import expat

from lxml import etree

from processes.engine.problems import Problem, problem

MAX_BYTES = 5 * 1024 * 1024
#: Deeper than any diagram that a person could draw, and below the limit of libxml2 (256).
MAX_DEPTH = 240

#: Looking at one attribute costs lxml as much as the element has attributes.
MAX_ATTRIBUTES = 500


class Refused(Exception):
    """The bytes are not acceptable as XML."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def parse(data: bytes) -> etree._Element:
    """The root element, without comments and processing instructions.

    Two passes: a stream that stops at the first declaration of a document type or beyond the depth
    limit, so that no entity is ever defined; then the tree. Raises Refused.
    """
    if not data.strip():
        raise Refused(problem("empty"))
    if len(data) > MAX_BYTES:
        raise Refused(problem("too_large", limit=MAX_BYTES // 1024 // 1024))
    _scan(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(_not_xml(error.msg or "", error.lineno or 0)) from error


def _scan(data: bytes) -> None:
    """Raises Refused for a document type, what is too deep or too broad, and what is not well-formed."""
    parser = expat.ParserCreate()
    depth = 0

    def doctype(*_args: object) -> None:
        raise Refused(problem("has_dtd", line=parser.CurrentLineNumber))

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        if len(attributes) > MAX_ATTRIBUTES:
            raise Refused(problem("too_many_attributes", line=parser.CurrentLineNumber, limit=MAX_ATTRIBUTES))
        depth += 1
        if depth > MAX_DEPTH:
            raise Refused(problem("too_deep", line=parser.CurrentLineNumber, limit=MAX_DEPTH))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Refused(_not_xml(expat.ErrorString(error.code), error.lineno)) from error
    except (LookupError, ValueError, UnicodeError) as error:
        # An encoding that Python does not know, or knows only with several bytes a character.
        raise Refused(_not_xml(str(error), parser.CurrentLineNumber)) from error


def _not_xml(reason: str, line: int) -> Problem:
    return problem("not_xml", line=line, reason=reason.rstrip("."))
