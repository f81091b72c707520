"""Whether a file is as it was when it was last read: by size and times, else by its content."""

import hashlib
from functools import cache
from pathlib import Path

from knowledge_base.document import Kind
from knowledge_base.file_times import is_settled
from knowledge_base.storage.files import FileReading

_ROOM = Path(__file__).parents[1]
# everything that has a say in what a file yields
_READING = (
    *("document.py", "metadata.py", "text.py", "imports/reading.py", "facts/numerals.py", "facts/signs.py"),
    *("validity/dates.py", "validity/supplements.py", "validity/stated.py"),
)


@cache
def reading_version() -> str:
    """The version of the code that turns files into documents; when it changes, every file is read again.

    Taken from the sources themselves, so that nobody can forget to raise a number.
    """
    sources = [*(_ROOM / name for name in _READING), *sorted((_ROOM / "readers").glob("*.py"))]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


class Freshness:
    """Compares files with their last readings, for one import with one ``kind`` asked for."""

    def __init__(self, kind: Kind | None) -> None:
        self._rules = f"{reading_version()} {kind or 'auto'}"

    def unchanged(self, file: Path, known: FileReading | None) -> FileReading | None:
        """What is known of a file that need not be read again, with its present stamp; None otherwise."""
        if known is None or known.rules != self._rules:
            return None
        stamp = _stamp(file)
        if stamp and stamp == known.stamp:
            return known
        if known.digest and known.digest == _digest(file):
            return known._replace(stamp=stamp)
        return None

    def before(self, file: Path) -> FileReading:
        """The state of a file that is about to be read."""
        return FileReading(_stamp(file), _digest(file), self._rules, ())

    def after(self, file: Path, before: FileReading, faults: tuple[str, ...], *, is_temporary: bool) -> FileReading:
        """What to remember of a file now read. One that changed meanwhile, or failed only for now, is read again."""
        if is_temporary or _stamp(file) != before.stamp:
            before = before._replace(stamp="", digest="")
        return before._replace(faults=faults)


def _stamp(file: Path) -> str:
    """Empty for a file too young to be told from its next change by its times, or one that is gone."""
    try:
        found = file.stat()
    except OSError:
        return ""
    if not is_settled(max(found.st_mtime_ns, found.st_ctime_ns)):
        return ""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def _digest(file: Path) -> str:
    """Empty for a file that cannot be opened."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""
