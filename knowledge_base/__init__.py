"""Documents: reading every format, cleaning, versions, validity dates, chunks, and the bundled sample.

Other rooms come in by ``storage.store.KnowledgeStore`` (what is served, and what people decide),
``imports.importing.import_path``, ``imports.uploads.Uploads``, ``imports.written.faq``, ``passages.chunking.chunk``,
``review.review`` and, for what texts say, ``facts.finding``. What they share lies in ``document``, ``errors``,
``home``, ``audit`` and ``text``.
"""
