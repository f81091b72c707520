"""Questions that no document can answer, however near it is: where to put the caller through, and why.

A document tells what the rule is; it knows neither how one person's case stands nor who is right in a dispute, and
the city's documents say nothing of other people's business. ``own_case`` goes by the grammar of a question,
``classifier`` by its meaning.
"""
