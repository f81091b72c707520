"""Which of Gradio's many routes the panels need; the others are as if they were not there.

Its file, proxy, upload, run, component-server, recording, deep-link and code-editing routes have been the way in more
than once; what people send and get here goes by routes of our own.
"""

import re

_NEEDED = re.compile(r"/gradio_api/(queue/(join|data)|heartbeat/[\w-]+|startup-events|cancel|reset|theme\.css)/?")
_GRADIO = re.compile(
    r"/(gradio_api|monitoring|login|logout|api|file|svelte|pwa_icon|custom_component|login_check|token|dev)"
    r"([/=?]|$)"
)


def is_shut(below: str) -> bool:
    """Whether ``below``, a path within a panel, is one of Gradio's that nothing here needs.

    >>> [is_shut(each) for each in ("/", "/config", "/gradio_api/queue/join", "/gradio_api/file=/etc/passwd", "/login")]
    [False, False, False, True, True]
    """
    return _GRADIO.match(below) is not None and _NEEDED.fullmatch(below) is None
