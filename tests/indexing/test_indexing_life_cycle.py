"""Which snapshot is served: ids, pointer, activation, rollback, pruning."""

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer

from indexing.building.build import build
from indexing.snapshots import life_cycle
from knowledge_base.errors import BrokenSnapshot, IndexingError, NoSnapshot
from knowledge_base.home import Home

Build = Callable[[], str]


@pytest.fixture
def built(home: Home, store: Callable[..., None], embedder: HashingEmbedder, words: WordAnalyzer) -> Build:
    """Builds one more snapshot and returns its id."""
    store(a="글")
    return lambda: build(home, embedder, words, full=True).id


def test_ids_sort_by_age() -> None:
    made = list(itertools.accumulate(range(200), lambda newest, _: life_cycle.new_id(newest), initial=""))[1:]
    assert made == sorted(set(made))


def test_an_id_comes_after_the_newest_when_the_clock_was_set_back() -> None:
    assert life_cycle.new_id("29991231-235959-999999") == "30000101-000000-000000"


def test_only_finished_snapshots_are_listed(home: Home, built: Build) -> None:
    assert life_cycle.ids(home) == []
    first = built()
    (home.snapshots / ".building-20261127-000000-000000").mkdir()
    (home.snapshots / "backup of mine").mkdir()
    (home.snapshots / "20261127-000000-000000").write_text("a file")
    second = built()
    assert life_cycle.ids(home) == [first, second]
    assert (home.snapshots / "backup of mine").is_dir()


def test_before_the_first_build_there_is_none(home: Home) -> None:
    for ask in (life_cycle.current_id, life_cycle.rollback):
        with pytest.raises(NoSnapshot, match="onnuri index build"):
            ask(home)


def test_an_unknown_id_lists_the_known_ones(home: Home, built: Build) -> None:
    known = built()
    for unknown in ("nonsense", "../../etc", "", "."):
        with pytest.raises(NoSnapshot, match=known):
            life_cycle.activate(home, unknown)
    assert life_cycle.current_id(home) == known


def test_a_pointer_of_garbage_is_an_unknown_id(home: Home, built: Build) -> None:
    built()
    home.current.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NoSnapshot, match="있는 색인"):
        life_cycle.folder(home, life_cycle.current_id(home))


def test_a_broken_snapshot_is_not_activated(home: Home, built: Build) -> None:
    first, second = built(), built()
    (home.snapshots / first / "chunks.db").unlink()
    with pytest.raises(BrokenSnapshot, match=r"chunks\.db"):
        life_cycle.activate(home, first)
    assert life_cycle.current_id(home) == second


def test_rollback_goes_further_back_and_skips_the_broken(home: Home, built: Build) -> None:
    first, second, third, fourth = (built() for _ in range(4))
    (home.snapshots / second / "vectors.faiss").unlink()
    assert life_cycle.current_id(home) == fourth
    assert life_cycle.rollback(home).id == third
    assert life_cycle.rollback(home).id == first
    with pytest.raises(IndexingError, match="onnuri index list"):
        life_cycle.rollback(home)
    assert life_cycle.current_id(home) == first


def test_substitutes_are_the_older_ones_first(home: Home) -> None:
    names = [f"20261127-00000{n}-000000" for n in range(4)]
    for name in names:
        (home.snapshots / name).mkdir(parents=True)
    assert life_cycle.substitutes(home, names[2]) == [names[1], names[0], names[3]]


def test_five_are_kept_beside_the_current_one(home: Home, built: Build) -> None:
    made = [built() for _ in range(8)]
    assert life_cycle.ids(home) == made[2:]


def test_the_current_one_is_never_pruned(home: Home, built: Build) -> None:
    made = [built() for _ in range(6)]
    life_cycle.activate(home, made[0])
    for _ in range(3):
        life_cycle.prune(home)
    assert life_cycle.ids(home) == made
    last = built()
    assert life_cycle.ids(home) == [*made[1:], last]


def test_what_cannot_be_deleted_does_not_fail_a_build(
    home: Home, built: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [built() for _ in range(6)]

    def refuse(path: Path, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise PermissionError(path)

    with monkeypatch.context() as patched:
        patched.setattr("indexing.snapshots.life_cycle.shutil.rmtree", refuse)
        last = built()
    assert life_cycle.current_id(home) == last
    assert life_cycle.ids(home) == [*made[1:], last]
    life_cycle.discard_unfinished(home)
    assert {path.name for path in home.snapshots.iterdir()} == {*made[1:], last}


def test_the_pointer_is_whole_at_every_moment(home: Home, built: Build) -> None:
    made = [built(), built()]
    stop = threading.Event()
    seen: set[str] = set()

    def read() -> None:
        while not stop.is_set():
            seen.add(home.current.read_text())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(40):
        life_cycle.activate(home, made[number % 2])
    stop.set()
    reader.join()
    assert seen <= {f"{name}\n" for name in made}


def test_two_activations_at_once_both_succeed(home: Home, built: Build) -> None:
    made = [built(), built()]
    failures: list[BaseException] = []

    def switch(name: str) -> None:
        try:
            for _ in range(20):
                life_cycle.activate(home, name)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=switch, args=[name]) for name in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert life_cycle.current_id(home) in made


def test_everything_is_on_disk_before_the_switch(home: Home, built: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order that survives a power cut: files, their folder, its new name, then the pointer."""
    happened: list[str] = []
    replace = Path.replace

    def record_switch(path: Path, target: Path) -> Path:
        happened.append("switch")
        return replace(path, target)

    monkeypatch.setattr(life_cycle, "_sync", lambda path: happened.append(f"sync {path.suffix}"))
    monkeypatch.setattr(Path, "replace", record_switch)
    built()
    assert sorted(happened[:6]) == ["sync .db", "sync .faiss", "sync .json", "sync .npy", "sync .npy", "sync .npz"]
    assert happened[6:] == ["sync ", "sync ", "switch", "sync "]
