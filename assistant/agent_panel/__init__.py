"""What the agent's page shows and is told, without gradio: ``panel.py`` serves it.

``routes`` are what its ``scripts`` ask the server for. The events of a call are folded into ``shown`` and ``board``,
which ``suggestion``, ``cards`` and their neighbours draw and ``messages`` put into words for the scripts.
"""
