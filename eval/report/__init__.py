"""What was measured as people read it outside this program.

``report`` is a run as one HTML page, put together from ``words``, ``charts``, ``groups`` and ``waits`` on a ``page`` to
print; ``workbook`` is a run as XLSX ``sheets``; ``published`` writes figures into a Markdown page.
"""
