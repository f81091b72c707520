"""Questions that ask the same, whatever their wording: grouped by meaning and by the things they name.

A question is compared by its vectors (as queries of the embedding model), one of the whole and one of its last words,
and for a twentieth by the morphemes among those that name things and the sort of fact it asks for, hashed into a few
buckets. Groups grow in a single pass in the order of asking: a question joins the group whose members are on average
the most similar to it, from THRESHOLD up, or begins its own (average linkage to incremental leaders; Hartigan,
Clustering Algorithms, 1975, ch. 3). What was grouped before is therefore never regrouped by a new question.

Threshold, share and number of last words were chosen on 94 short and 36 long hand-written questions (among them pairs
such as 전입신고·여권 on-line or 수영장 hours·price; the long ones ask three things about each of four subjects):
B³ precision .86, recall .88, F1 .87 of the short, .58, .83, .69 of the long (by the whole alone .36, .94, .52). On the
others of the same file, not looked at before, 92 short: .84, .72, .77; by the model's vectors alone .75, .75, .75; and
36 long: .63, .66, .65 (by the whole alone .44, .82, .57). So what stands together belongs together, while about every
fourth question stands apart from its like, and of the long every third. See tests/assistant/test_question_groups.py.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.extraction.answer_type import wanted
from indexing.embedding.embedder import Embedder, Vectors
from indexing.lexical.things import named
from indexing.lexical.tokens import Analyzer

THRESHOLD = 0.868
LEXICAL_SHARE = 0.05
BUCKETS = 128
ASKED = 8
"""Words at the end of a question that ask. A long one tells a story before, as others do who ask something else."""
VERSION = 2  # raised when the signatures of a question change
BLOCK = 512


class Signatures:
    """An ``Embedder`` of questions: vectors of length 1 whose product is the similarity of two questions."""

    def __init__(self, embedder: Embedder, analyzer: Analyzer) -> None:
        self._embedder, self._analyzer = embedder, analyzer
        self.name = f"questions-{VERSION} {embedder.name} {analyzer.name}"

    def embed_query(self, text: str) -> Vectors:
        words = text.split()
        asked = " ".join(words[-ASKED:])
        whole = self._embedder.embed_query(text)
        meanings = whole, self._embedder.embed_query(asked) if len(words) > ASKED else whole
        share = np.sqrt((1 - LEXICAL_SHARE) / len(meanings))
        parts = [*(share * each for each in meanings), np.sqrt(LEXICAL_SHARE) * self._lexical(asked)]
        return np.concatenate(parts).astype(np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts])

    def _lexical(self, text: str) -> Vectors:
        terms = set(named(text, self._analyzer))
        if (sort := wanted(text)) is not None:
            terms.add("?" + ",".join(sorted(kind.value for kind in sort.kinds) + sorted(sort.units)))
        found = np.zeros(BUCKETS, dtype=np.float32)
        for term in terms:
            digest = hashlib.blake2b(term.encode(), digest_size=4).digest()
            found[int.from_bytes(digest, "big") % BUCKETS] += 1
        if not terms:
            found[0] = 1
        return np.asarray(found / np.linalg.norm(found), dtype=np.float32)


def grouped(vectors: Vectors, threshold: float = THRESHOLD) -> NDArray[np.intp]:
    """The number of the group of each vector, shape (len(vectors),); groups count from 0 in order of appearance.

    >>> grouped(np.array([[1, 0], [0, 1], [0.8, 0.6]], dtype=np.float32), 0.7).tolist()
    [0, 1, 0]
    """
    count, dimension = vectors.shape
    labels = np.zeros(count, dtype=np.intp)
    sums = np.zeros((count, dimension), dtype=np.float32)
    sizes = np.zeros(count, dtype=np.float32)
    groups = 0
    for start in range(0, count, BLOCK):
        block = vectors[start : start + BLOCK]
        among = block @ block.T
        similar = np.zeros((len(block), groups + len(block)), dtype=np.float32)
        similar[:, :groups] = block @ sums[:groups].T
        for place in range(len(block)):
            mean = similar[place, :groups] / sizes[:groups]
            chosen = int(mean.argmax()) if groups else 0
            if not groups or mean[chosen] < threshold:
                chosen, groups = groups, groups + 1
            labels[start + place] = chosen
            sizes[chosen] += 1
            similar[place + 1 :, chosen] += among[place + 1 :, place]
        np.add.at(sums, labels[start : start + len(block)], block)
    return labels
