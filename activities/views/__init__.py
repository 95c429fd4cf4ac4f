"""Pages of activities: each view parses, asks one service or queryset, and shows a page or fragment."""
