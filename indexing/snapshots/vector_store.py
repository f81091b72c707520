"""The vector store of the settings, if there is one; without, snapshots are searched in this process."""

from typing import TYPE_CHECKING

from knowledge_base.home import Home

if TYPE_CHECKING:
    from indexing.milvus.store import Milvus


def store_of(home: Home) -> "Milvus | None":
    """The one that this home's snapshots are searched in; None when they are searched in this process.

    Raises StoreUnavailable when it cannot be reached.
    """
    if not home.vector_store:
        return None
    from indexing.milvus.store import connected

    return connected(home.vector_store)
