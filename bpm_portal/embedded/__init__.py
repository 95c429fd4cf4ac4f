"""PostgreSQL and Valkey started beside the portal, for machines where no URL names a server."""

from bpm_portal.embedded.errors import CannotStart
from bpm_portal.embedded.servers import Servers, running_urls

__all__ = ["CannotStart", "Servers", "running_urls"]
