"""Question to suggestion.

``answering`` goes from a question to an answer by the modules beside it and these packages: ``masking`` hides personal
data, ``llm`` words the answer, ``grounding`` checks it. ``calls`` finds the questions in what is said on the phone.
``accounts``, ``database`` and ``web`` are what a server needs around that; ``agent_panel`` is the agent's page.

Other rooms come in by ``answering.Assistant`` (a question to ``events``), ``calls`` (a transcript to ``events``),
``grounding.GroundingChecker``, ``masking.mask``, ``llm.choice.language_model`` and ``journal.Journal``; ``app`` puts
``web`` and ``accounts.access`` in front of them, as ``settings`` say.
"""
