"""What the admin's page shows and does, without gradio: ``panel.py`` serves it.

``page`` puts together what the ``…_view`` modules draw of a ``state.Session``; ``acts`` names what the ``…_acts``
modules do to it. Both work with a ``desk.Desk``, of which there is one a program. The QA panel shares ``markup``,
``paging``, ``job`` and the style.
"""
