"""What a snapshot says of itself: its model, tokeniser, documents, counts and checksums."""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge_base.errors import BrokenSnapshot

FILE = "manifest.json"
CHUNKS = "chunks.db"
TERMS = "terms.npz"
VECTORS = "vectors.faiss"
PARTS = "parts.npy"
TOKENS = "tokens.npy"
FILES = (CHUNKS, TERMS, VECTORS, PARTS, TOKENS)
STORED = (CHUNKS, TERMS, PARTS, TOKENS)  # those that are read where a vector store holds the rest
FORMAT = 5  # raised when older snapshots can no longer be read
SEAL = "seal"  # the key in the file for the SHA-256 of the rest of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``documents`` maps document ids to versions; ``checksums`` file names to SHA-256; ``created_at`` is
    UTC, ISO 8601; ``chunking`` names the rule the chunks were cut by."""

    id: str
    created_at: str
    model: str
    dimension: int
    tokenizer: str
    chunking: str
    chunks: int
    documents: dict[str, str]
    checksums: dict[str, str]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write ``manifest.json`` into the snapshot's folder."""
        sealed = {**asdict(self), SEAL: _seal(asdict(self))}
        text = json.dumps(sealed, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / FILE).write_text(text, encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a snapshot; raises BrokenSnapshot when it is missing, damaged or of another format."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise BrokenSnapshot(f"색인 '{folder.name}'은(는) 이 버전이 읽을 수 없는 형식입니다. {_REBUILD}")
        seal = content.pop(SEAL)
        manifest = Manifest(**content)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BrokenSnapshot(f"색인 '{folder.name}'의 {FILE} 파일을 읽을 수 없습니다. {_REBUILD}") from error
    if seal != _seal(content):
        raise BrokenSnapshot(f"색인 '{folder.name}'의 {FILE} 파일이 손상되었습니다. {_REBUILD}")
    return manifest


def verify(folder: Path, files: Sequence[str] = FILES) -> Manifest:
    """Check files against their checksums; raises BrokenSnapshot naming the damaged one."""
    manifest = read(folder)
    try:
        actual = checksums(folder, files)
    except OSError as error:
        missing = Path(error.filename).name
        raise BrokenSnapshot(f"색인 '{folder.name}'에 {missing} 파일이 없습니다. {_REBUILD}") from error
    for name in files:
        if actual[name] != manifest.checksums.get(name):
            raise BrokenSnapshot(f"색인 '{folder.name}'의 {name} 파일이 손상되었습니다. {_REBUILD}")
    return manifest


def checksums(folder: Path, files: Sequence[str] = FILES) -> dict[str, str]:
    """The SHA-256 of each file, as hex; of several at once."""
    with ThreadPoolExecutor(len(files)) as threads:
        return dict(zip(files, threads.map(lambda name: _checksum(folder / name), files), strict=True))


def _checksum(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _seal(content: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


_REBUILD = "'onnuri index build --full'로 다시 만들거나 'onnuri index rollback'으로 되돌리세요."
