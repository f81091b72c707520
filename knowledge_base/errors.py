"""The exception tree of the whole project.

    OnnuriError                   one Korean sentence for the user and the next step; exit code 1
    ├── KnowledgeBaseError        documents: reading, importing, storing
    │   ├── UnreadableFile        one file of an import; the rest goes on
    │   └── DocumentNotFound
    ├── IndexingError             snapshots, embedding, search
    │   ├── NoSnapshot            nothing has been built yet
    │   ├── BrokenSnapshot        a snapshot fails its checksums or counts
    │   ├── SnapshotMismatch      a snapshot was built by another model or tokeniser
    │   ├── GoldenQuestionsLost   a snapshot fails the admin's golden questions
    │   ├── BuildCancelled        someone called a build off
    │   ├── StoreUnavailable      the vector store is down, refuses us, or its package is missing
    │   ├── ClusterUnavailable    the Ray cluster is down or lacks what embedding needs
    │   └── ModelUnavailable      an embedding model cannot be loaded
    ├── AssistantError            questions, LLMs, settings
    │   ├── InvalidQuestion       empty, too long, or nothing to search for
    │   ├── InvalidSettings
    │   ├── AccountError          names, passwords, log-ins and set-up links
    │   ├── NotAllowed            the caller lacks the role that this needs
    │   └── LLMUnavailable        an LLM is down, slow or answers garbage
    └── EvaluationError           question files and runs

A person's mistake raises one of these and is shown without a traceback; anything else is a bug and
keeps its traceback.
"""


class OnnuriError(Exception):
    """Something a person can put right; ``str(error)`` is the Korean sentence they read."""


class KnowledgeBaseError(OnnuriError):
    """A document, an import or the document store is at fault."""


class UnreadableFile(KnowledgeBaseError):
    """One file, or one row of it, yields no document; an import reports it and goes on."""


class DocumentNotFound(KnowledgeBaseError):
    """No document has this id."""


class IndexingError(OnnuriError):
    """A snapshot cannot be built or searched."""


class NoSnapshot(IndexingError):
    """Nothing has been built yet."""


class BrokenSnapshot(IndexingError):
    """A snapshot is incomplete or damaged."""


class SnapshotMismatch(IndexingError):
    """A snapshot was built with another model or tokeniser than the one asked to search it."""


class GoldenQuestionsLost(IndexingError):
    """A snapshot does not find what the admin's golden questions ask for."""


class BuildCancelled(IndexingError):
    """A build was called off before it was served."""


class StoreUnavailable(IndexingError):
    """The vector store cannot be reached, refuses us, or its package is not installed."""


class ClusterUnavailable(IndexingError):
    """The Ray cluster cannot be reached, or its package is not installed."""


class ModelUnavailable(IndexingError):
    """An embedding model is missing or cannot be loaded."""


class AssistantError(OnnuriError):
    """A question cannot be answered as asked, or the assistant is set up wrongly."""


class InvalidQuestion(AssistantError):
    """The question is empty, too long, or holds nothing to search for."""


class InvalidSettings(AssistantError):
    """A setting has an unknown name or an impossible value."""


class AccountError(AssistantError):
    """A name, password or link is not taken, or a log-in is refused."""


class NotAllowed(AssistantError):
    """Nobody is logged in, or the caller does not have the role that this needs."""


class LLMUnavailable(AssistantError):
    """The LLM is missing, down, too slow, or sends what cannot be read."""


class EvaluationError(OnnuriError):
    """A question file or a run is at fault."""
