"""Pages of the administration: they count no further than anybody would leaf."""

from functools import cached_property

from django.core.paginator import Paginator

CAP = 2000


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to CAP rows and offers no page behind them: search and filters find the others."""

    @cached_property
    def count(self) -> int:
        """At most CAP."""
        return int(self.object_list.order_by()[:CAP].count())  # type: ignore[union-attr]

    @property
    def is_capped(self) -> bool:
        """There may be more."""
        return self.count == CAP
