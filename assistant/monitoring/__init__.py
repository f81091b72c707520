"""How a server is watched: ``metrics`` and ``gauges`` for Prometheus, ``tracing`` for OTLP, ``json_log`` for its log.

Nothing of a citizen is in any of them.
"""
