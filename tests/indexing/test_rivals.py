"""A long guide is near to every question on its topic: what stands out is a stretch of it."""

import numpy as np

from indexing.retrieval.rivals import LONGEST_HOME, homes, leads, nearest, shares

SPREAD = 0.0135
GUIDE = np.zeros(100, dtype=np.int64)  # one document of 100 chunks
PLACES = np.arange(100)


def test_a_guide_that_is_near_everywhere_does_not_stand_out() -> None:
    flat = np.full(100, 0.88, dtype=np.float32)
    assert shares(homes(GUIDE, PLACES), flat, SPREAD).max() < 0.11
    peak = flat.copy()
    peak[42] = 0.95
    assert shares(homes(GUIDE, PLACES), peak, SPREAD)[42] > 0.9


def test_a_near_sentence_far_away_in_a_guide_says_nothing_of_a_chunk() -> None:
    cosines = np.full(100, 0.8, dtype=np.float32)
    cosines[42] = 0.95
    near = nearest(homes(GUIDE, PLACES), cosines)
    assert near[45] == near[42]
    assert near[5] < near[42]


def test_a_short_document_is_one_home_wherever_it_stands() -> None:
    documents, places = np.repeat([3, 9], LONGEST_HOME), np.tile(np.arange(LONGEST_HOME), 2)
    assert homes(documents, places).tolist() == np.repeat([0, 1], LONGEST_HOME).tolist()


def test_nothing_found_has_no_home() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert len(homes(nothing, nothing)) == 0


def test_a_chunk_leads_whatever_its_own_document_has_and_nothing_leads_alone() -> None:
    documents, places = np.array([3, 3, 9]), np.array([0, 1, 0])
    closeness = np.float32([0.9, 0.8, 0.7])
    np.testing.assert_allclose(leads(homes(documents, places), closeness), [0.2, 0.1, -0.2], atol=1e-6)
    np.testing.assert_allclose(leads(homes(documents[:2], places[:2]), closeness[:2]), [0, -0.1], atol=1e-6)
