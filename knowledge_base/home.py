"""Where everything lives on disk, below ``ONNURI_HOME``."""

from dataclasses import dataclass, field
from pathlib import Path

from knowledge_base.errors import KnowledgeBaseError


@dataclass(frozen=True, slots=True)
class Home:
    """The data folder of one installation and the places in it.

    ``vector_store`` is the Milvus, if any, that the index is searched in: a URI, perhaps with a password in it,
    or the file of its embedded form.
    """

    root: Path
    vector_store: str = field(default="", repr=False)

    @property
    def knowledge(self) -> Path:
        """Documents, versions, import log, embedding cache (SQLite)."""
        return self.root / "knowledge.db"

    @property
    def snapshots(self) -> Path:
        """One folder a search snapshot."""
        return self.root / "snapshots"

    @property
    def current(self) -> Path:
        """A file holding the id of the snapshot being served."""
        return self.root / "current"

    @property
    def journal(self) -> Path:
        """Suggestions shown, what agents did with them, and the audit (SQLite)."""
        return self.root / "journal.db"

    @property
    def accounts(self) -> Path:
        """People, sessions and tokens (SQLite); apart from the journal, whose copies go to evaluators."""
        return self.root / "accounts.db"

    @property
    def runs(self) -> Path:
        """Evaluation runs, a folder each."""
        return self.root / "runs"

    @property
    def models(self) -> Path:
        """Exported models and GGUF files."""
        return self.root / "models"

    @property
    def address(self) -> Path:
        """A file holding the URL at which the console was served last."""
        return self.root / "address"

    def create(self) -> None:
        """Make the folder; raises KnowledgeBaseError when it cannot be written."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            probe = self.root / ".writable"
            probe.touch()
            probe.unlink(missing_ok=True)
        except OSError as error:
            raise KnowledgeBaseError(
                f"데이터 폴더 {self.root}에 쓸 수 없습니다({error.strerror}). "
                "권한을 확인하거나 ONNURI_HOME에 쓸 수 있는 폴더를 지정하세요."
            ) from error
