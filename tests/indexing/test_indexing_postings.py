"""The inverted index: what an update makes is what a new one would be."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.lexical.postings import Postings

BAG = st.lists(st.sampled_from(["수수료", "안내", "여권", "a", "3.5%", "발급"]), max_size=6)


def assert_same(found: Postings, expected: Postings) -> None:
    assert list(found.terms.items()) == list(expected.terms.items())
    for array in fields(Postings)[1:]:
        one, other = getattr(found, array.name), getattr(expected, array.name)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


@settings(max_examples=200, deadline=None)
@given(old=st.lists(BAG, max_size=6), added=st.lists(BAG, max_size=4), seed=st.randoms(use_true_random=False))
def test_a_changed_index_is_the_one_that_would_be_made_anew(
    old: list[list[str]], added: list[list[str]], seed: "st.randoms"
) -> None:
    kept = [n for n in range(len(old)) if seed.random() < 0.7]
    order = seed.sample(range(len(kept) + len(added)), len(kept) + len(added))  # where each one ends up
    order[: len(kept)] = sorted(order[: len(kept)])
    places = np.full(len(old), -1)
    places[kept] = order[: len(kept)]
    new: list[list[str]] = [[] for _ in order]
    for place, bag in zip(order, [*(old[n] for n in kept), *added], strict=True):
        new[place] = bag
    added_places = np.array(order[len(kept) :], dtype=np.int64)
    assert_same(Postings.of(old).changed(places, Postings.of(added), added_places), Postings.of(new))


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    for bags in ([["수수료", "안내", "수수료"], [], ["여권"]], [[]], []):
        written = Postings.of(bags)
        written.write(tmp_path / "terms.npz")
        assert_same(Postings.read(tmp_path / "terms.npz"), written)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04broken"])
def test_what_is_no_index_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "terms.npz").write_bytes(content)
    with pytest.raises((ValueError, OSError)):
        Postings.read(tmp_path / "terms.npz")


def test_the_rarer_term_and_the_shorter_chunk_score_more() -> None:
    scores = Postings.of([["a", "b"], ["a", "c", "c", "c"], ["a"], ["d"], ["d"], ["d"], ["d"]]).scores(["a", "b"])
    assert scores[0] > scores[2] > scores[1] > 0
    assert scores[3] == 0
