"""The judge: question files, metrics and runs.

A run goes from ``questions`` by ``examination``, which scores with ``metrics``, into ``runs``; ``diagnosis`` and
``report`` read it there. ``calls`` plays live calls, ``recorded`` asks the questions of real ones again, ``load``
measures many at once, ``bench`` this program beside others; ``fitting`` is for the models of the other rooms.
"""
