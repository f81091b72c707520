"""Documents to an index, and a question to the passages that may answer it.

``building`` makes ``snapshots`` of documents, with words from ``lexical`` and vectors from ``embedding``; one is served
once it has passed the ``golden`` questions. ``retrieval`` searches it, in this process or in ``milvus``.
``maintenance`` builds by itself, ``contradictions`` tells what documents disagree about, ``training`` fine-tunes the
embedding model; ``admin_panel`` is the admin's page, ``gaps`` what it is told of questions that got no good answer.

Other rooms come in by ``retrieval.search.SearchService``, ``building.build.build`` and ``snapshots.life_cycle``.
"""
