"""Runs over questions, from their plan to their comparison.

``launch`` plans one from the settings, ``measurement`` goes through its questions, ``store`` keeps it as ``run``
describes it with its ``provenance``, ``summary`` sums it up. ``comparison`` and ``gate`` read it there; ``terminal``
prints it.
"""
