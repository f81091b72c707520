"""One question to one suggestion.

``assistant`` has the way of a question. ``question`` cleans and masks it; ``decider`` says what to do with what was
found, by which notices give way to others (``precedence``), how sure each hit is (``confidence``) and whether two of
them disagree (``conflict``); ``writer`` has the LLM word an answer, of which only what the evidence bears out becomes a
``draft``; ``freshness`` adds what changes soon and what is over.
"""
