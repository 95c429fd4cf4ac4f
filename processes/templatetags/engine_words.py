"""Sentences that the engine has written, in the reader's language."""

from django import template

from processes import engine_words

register = template.Library()


@register.filter
def in_words(text: str) -> str:
    """`{{ step.error|in_words }}`."""
    return engine_words.in_words(text)
