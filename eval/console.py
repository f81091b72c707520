"""What the commands of ``onnuri eval`` need of the running program (``ctx.obj``)."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assistant.database import Place
    from assistant.settings import LLMChoice, Settings
    from eval.answers import Suggests
    from indexing.embedding import Embedder
    from indexing.search import SearchService
    from indexing.tokens import Analyzer
    from knowledge_base.home import Home


class Console(Protocol):
    """What the composition root hands the commands; objects are built when asked for."""

    @property
    def settings(self) -> "Settings":
        """As read from the environment; secrets are masked wherever they are kept."""

    @property
    def home(self) -> "Home":
        """The data folder; runs are kept below it."""

    @property
    def journal(self) -> "Place":
        """Where the suggestions of real calls are kept."""

    def embedder(self) -> "Embedder":
        """The embedding model, to search a snapshot that is not served."""

    def analyzer(self) -> "Analyzer":
        """The morphological analyser, for the scores of answers."""

    def searcher(self) -> "SearchService":
        """The search over the current snapshot."""

    def assistant(self, llm: "LLMChoice", journal: None = None, searcher: "SearchService | None" = None) -> "Suggests":
        """The assistant, with or without its LLM, over the current snapshot or that of ``searcher``."""
