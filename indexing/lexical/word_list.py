"""Lists of words in readable files: words apart by blanks, lines that begin with # are comments."""

from pathlib import Path


def words(file: Path) -> list[str]:
    """The words of a list, in order. Raises OSError."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]
