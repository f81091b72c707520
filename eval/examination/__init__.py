"""One question asked and graded.

``examiner`` asks the search (``retrieval``) and the assistant (``answers``) and has ``grading`` score what they said,
with the opinion of ``judge`` where it is wanted; ``result`` is what is kept.
"""
