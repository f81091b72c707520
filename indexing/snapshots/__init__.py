"""Search indexes on disk, immutable once built: one opened (``snapshot``), and which is served (``life_cycle``).

A snapshot holds its ``manifest``, its ``chunks`` and their vectors: of each chunk (``arrays``), of its parts and of its
tokens. Its ``engine`` is in this process or in ``milvus``, as the ``vector_store`` of the settings says.
"""
