"""Inline line icons: no icon font and no emoji font is needed on an agent's PC."""

_PATHS = {
    "faq": "M20 6 9 17l-5-5",
    "generated": "M12 20h9M16.5 3.5a2.1 2.1 0 0 1 3 3L7 19l-4 1 1-4Z",
    "extractive": "M6 17h3l2-4V7H5v6h3ZM14 17h3l2-4V7h-6v6h3Z",
    "abstained": "M12 9v4M12 17h.01M10.3 3.9 1.8 18a2 2 0 0 0 1.7 3h17a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z",
    "caution": "M12 9v4M12 17h.01M10.3 3.9 1.8 18a2 2 0 0 0 1.7 3h17a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z",
    "previous": "M6 15l6-6 6 6",
    "next": "M6 9l6 6 6-6",
    "pin": "M12 17v5M8 3h8l-1 6 3 4H6l3-4Z",
    "searching": "M12 6v6l4 2M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z",
    "writing": "M12 6v6l4 2M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z",
    "stopped": "M6 6h12v12H6Z",
    "failed": "M12 8v5M12 16h.01M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z",
    "copy": "M9 9h11v11H9ZM5 15H4V4h11v1",
    "up": "M7 10v11H3V10ZM7 11l4-8a3 3 0 0 1 3 3v4h5.5a2 2 0 0 1 2 2.3l-1.2 7a2 2 0 0 1-2 1.7H7",
    "down": "M17 14V3h4v11ZM17 13l-4 8a3 3 0 0 1-3-3v-4H4.5a2 2 0 0 1-2-2.3l1.2-7a2 2 0 0 1 2-1.7H17",
    "phone": "M21 16.5v3a2 2 0 0 1-2.2 2A17.5 17.5 0 0 1 2.5 5.2 2 2 0 0 1 4.5 3h3l1.5 5-2 1.5"
    "a14 14 0 0 0 6.5 6.5l1.5-2Z",
}


def icon(name: str) -> str:
    """The icon as an SVG that screen readers pass over; KeyError for an unknown name."""
    return (
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{_PATHS[name]}"/></svg>'
    )
