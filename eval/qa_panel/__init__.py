"""What the QA panel shows and does, without gradio: ``panel.py`` serves it.

As in ``indexing.admin_panel``, whose ``markup`` it uses: ``page`` puts together what the ``…_view`` modules draw of a
``state.Session``, ``acts`` does what is done on it, and one ``desk.Desk`` a program stands behind both.
"""
