"""Question to suggestion.

``answering`` goes from a question to an answer: ``masking`` hides personal data, ``routing`` tells what no document
answers, ``extraction`` finds the sentences that do, ``llm`` words the answer, ``grounding`` checks it. ``calls`` finds
the questions in what is said on the phone. ``journal`` keeps what was shown, ``retention`` deletes it,
``knowledge_gaps`` is what was asked in vain. ``accounts``, ``audit``, ``backup``, ``database``, ``doctor``,
``monitoring``, ``serving`` and ``web`` are what a server needs around that; ``agent_panel`` is the agent's page.

Other rooms come in by ``answering.assistant.Assistant`` (a question to ``events``), ``calls`` (a transcript to
``events``), ``grounding.GroundingChecker``, ``masking.mask``, ``llm.choice.language_model`` and ``journal.Journal``;
``app`` puts ``web`` and ``accounts.access`` in front of them, as ``settings`` say.
"""
