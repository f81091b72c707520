"""Everything that an installation knows in one file: ``archive``, and ``database_copy`` for what PostgreSQL keeps."""
