"""The audit: who did what. ``log`` keeps it, ``export`` writes it to a file, ``cli`` is ``onnuri audit``."""
