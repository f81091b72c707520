"""What agents asked in vain, as ``indexing.gaps`` describes it.

``journal_gaps`` reads it out of the journal, ``question_groups`` puts alike questions together, ``decisions`` keeps
what admins decided.
"""
