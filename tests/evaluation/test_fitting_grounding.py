"""Fitting the weights of the grounding checker: what the numbers mean, on findings made up by hand."""

import numpy as np

from assistant.grounding.findings import FATAL, Sort
from eval.fitting.grounding import LEAST, Pairs, curve, doubts, fitted, unseen_doubts

COLUMN = {sort: column for column, sort in enumerate(Sort)}


def _amounts(*rows: dict[Sort, float]) -> np.ndarray:
    amounts = np.zeros((len(rows), len(Sort)))
    for row, found in enumerate(rows):
        for sort, amount in found.items():
            amounts[row, COLUMN[sort]] = amount
    return amounts


def test_what_tells_the_unsupported_apart_weighs_most_and_nothing_speaks_for_a_sentence() -> None:
    telling, noise = {Sort.FLIPPED: 1.0}, {Sort.OMITTED: 1.0}
    amounts = _amounts(*[telling] * 20, *[noise] * 20, *[{}] * 20)
    weights = fitted(amounts, np.array([1.0] * 20 + [0.0] * 40))[:-1]
    assert weights.argmax() == COLUMN[Sort.FLIPPED]
    assert weights.min() >= LEAST


def test_a_fatal_finding_is_beyond_doubt() -> None:
    light = np.append(np.full(len(Sort), LEAST), -9.0)
    found = doubts(_amounts({}, *({sort: 1.0} for sort in FATAL)), light)
    assert found[0] < 0.01
    assert (found[1:] == 1).all()


def test_the_doubt_about_a_document_comes_from_the_others() -> None:
    """One document says the opposite of all others; it does not teach the weights it is judged by."""
    documents = [f"{number:02}" for number in range(8) for _ in range(10)]
    amounts = _amounts(*[{Sort.SCOPE: 1.0}, {}] * 40)
    refused = np.array([1.0, 0.0] * 40)
    contrary = np.array([document == "03" for document in documents])
    refused[contrary] = 1 - refused[contrary]
    found = unseen_doubts(Pairs(amounts, refused, documents), len(documents))
    assert (found[amounts[:, COLUMN[Sort.SCOPE]] == 1] > 0.5).all()


def test_only_the_first_pairs_teach() -> None:
    """The later pairs say the opposite of the first, and are judged by those."""
    documents = [f"{number:02}" for number in range(16) for _ in range(10)]
    amounts = _amounts(*[{Sort.SCOPE: 1.0}, {}] * 80)
    refused = np.array([1.0, 0.0] * 40 + [0.0, 1.0] * 40)
    found = unseen_doubts(Pairs(amounts, refused, documents), 80)
    assert (found[amounts[:, COLUMN[Sort.SCOPE]] == 1] > 0.5).all()


def test_the_curve_counts_what_is_below_a_threshold() -> None:
    doubt, refused = np.array([0.1, 0.3, 0.2, 0.9]), np.array([0.0, 0.0, 1.0, 1.0])
    assert list(curve(doubt, refused, (0.2, 0.5))) == [(0.2, 0.5, 1.0), (0.5, 1.0, 0.5)]
