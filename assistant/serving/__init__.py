"""A server that starts: ``loading`` is what it loads once, ``opening`` what it does before its first visitor."""
