"""Question to suggestion: settings, masking, the RAG chain, LLMs, grounding, journal, agent panel.

Other rooms come in by ``answering.Assistant`` (a question to ``events``), ``calls`` (a transcript to ``events``),
``grounding.GroundingChecker``, ``masking.mask``, ``llm.choice.language_model`` and ``journal.Journal``; ``app`` puts
``web`` and ``accounts.access`` in front of them, as ``settings`` say.
"""
