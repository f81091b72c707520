"""Documents: reading every format, cleaning, versions, validity dates, chunks, and the bundled sample.

Other rooms come in by ``store.KnowledgeStore`` (what is served, and what people decide), ``importing.import_path``,
``chunking.chunk``, ``review.review``, ``uploads.Uploads``, ``written.faq`` and, for what texts say, ``facts``. What
they share lies in ``document``, ``errors``, ``home``, ``audit`` and ``text``.
"""
