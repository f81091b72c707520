"""The judge: question files, metrics and runs.

A run goes from ``dataset`` by ``runner``, ``measure`` and ``examiner`` into ``run_store``; ``comparison``, ``gate``,
``report`` and ``workbook`` read it there. ``load`` measures many calls at once, ``bench`` this program beside others.
"""
