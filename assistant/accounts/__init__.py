"""Who may come in and what they may do: people and programs, their passwords, sessions, links and tokens.

``access`` is what the log-in pages use, ``sign_in`` comes in by the organisation's own log-in, ``registrar`` is
``onnuri user``; each table has a module of its own above ``tables``.
"""
