"""Why a file is no XML, as the parser (expat) says it: what happens in files that people edit."""

from django.utils.translation import gettext_noop as _

REASONS = (
    _("syntax error"),
    _("no element found"),
    _("not well-formed (invalid token)"),
    _("unclosed token"),
    _("partial character"),
    _("mismatched tag"),
    _("duplicate attribute"),
    _("junk after document element"),
    _("undefined entity"),
    _("unknown encoding"),
    _("encoding specified in XML declaration is incorrect"),
    _("XML declaration not well-formed"),
    _("unclosed CDATA section"),
    _("unbound prefix"),
)
