"""Live calls played with the questions on them marked: is each found in time, and does evidence come unasked?

``transcripts`` plays them and scores what came, ``run`` keeps that as any other run is kept, ``kinds`` is what the
calls of ``eval/data/calls`` try, ``cli`` is ``onnuri eval calls``.
"""
