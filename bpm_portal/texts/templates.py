"""Texts in templates: translate, blocktranslate and `_("…")`, read by Django's own lexer."""

import re
from collections.abc import Iterator

from django.template.base import DebugLexer, Token, TokenType
from django.utils.translation import trim_whitespace

from bpm_portal.texts.text import Text, UnreadableError

CONSTANT = re.compile(r"""_\((?P<quote>["'])(?P<text>.*?)(?P=quote)\)""")
TRANSLATE = {"translate", "trans"}
BLOCK = {"blocktranslate", "blocktrans"}


def texts_of(source: str, place: str) -> Iterator[Text]:
    """Every text of a template. Raises UnreadableError for a block that cannot be read."""
    tokens = iter(DebugLexer(source).tokenize())
    for token in tokens:
        if token.token_type == TokenType.VAR:
            yield from _constants(token)
        if token.token_type != TokenType.BLOCK:
            continue
        words = token.split_contents()
        if words[0] == "comment":
            _skip(tokens, "endcomment")
        elif words[0] == "verbatim":
            _skip(tokens, "endverbatim")
        elif words[0] in TRANSLATE:
            if words[1][0] in "\"'":
                yield Text(_percent(words[1][1:-1]), context=_context(words))
        elif words[0] in BLOCK:
            yield from _constants(token)
            yield _block(words, token, tokens, place)
        else:
            yield from _constants(token)


def _skip(tokens: Iterator[Token], end: str) -> None:
    for token in tokens:
        if token.token_type == TokenType.BLOCK and token.contents.split()[0] == end:
            return


def _constants(token: Token) -> Iterator[Text]:
    for found in CONSTANT.finditer(token.contents):
        yield Text(_percent(found["text"]))


def _percent(text: str) -> str:
    """Django doubles the sign before it looks a text of a template up."""
    return text.replace("%", "%%")


def _context(words: list[str]) -> str | None:
    if "context" not in words:
        return None
    return words[words.index("context") + 1].strip("\"'")


def _block(words: list[str], opening: Token, tokens: Iterator[Token], place: str) -> Text:
    """The one or two texts of a blocktranslate, as BlockTranslateNode will put them together."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            parts[-1].append(_percent(token.contents))
        elif token.token_type == TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        elif token.token_type == TokenType.BLOCK:
            word = token.contents.strip()
            if word.split()[0] in {f"end{name}" for name in BLOCK}:
                break
            if word != "plural" or len(parts) == 2:
                raise UnreadableError(f"{place}:{token.lineno}: “{word}” cannot stand in a blocktranslate.")
            parts.append([])
    else:
        raise UnreadableError(f"{place}:{opening.lineno}: blocktranslate has no end.")
    texts = ["".join(part) for part in parts]
    if "trimmed" in words:
        texts = [trim_whitespace(text) for text in texts]
    return Text(texts[0], plural=texts[1] if len(texts) == 2 else "", context=_context(words))
