"""Snapshots in Milvus: a collection each, the one being served under an alias.

Everything in a collection comes from the snapshot's folder, which stays whole: a cluster that was lost is filled
again from there. Beside its vector, each chunk has its BM25 weights as a sparse vector, computed as in this
process; so BM25 is an inner product, and the scores are the same in both engines.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from indexing.lexical.postings import Words
from indexing.milvus.engine import DENSE, DOCUMENT, ENDS, METRIC, NUMBER, STARTS, WORDS, MilvusEngine, has_graph
from indexing.milvus.errors import told
from indexing.snapshots.manifest import Manifest
from indexing.snapshots.snapshot import Snapshot
from knowledge_base.errors import BrokenSnapshot, StoreUnavailable

if TYPE_CHECKING:
    from pymilvus import CollectionSchema, MilvusClient
    from pymilvus.milvus_client.index import IndexParams

ALIAS = "onnuri_current"
"""The alias of the collection being served; every home has a Milvus database of its own."""
PATIENCE_S = 5.0
FILLING_PATIENCE_S = 600.0
BATCH = 1000  # chunks inserted at once: 2 MB
_GRAPH = {"M": 32, "efConstruction": 200}


class Address(NamedTuple):
    """Where Milvus is: a URI without secrets, or a file; ``token`` is ``name:password``, or ''."""

    uri: str
    token: str = ""
    database: str = ""

    @classmethod
    def of(cls, setting: str) -> "Address":
        """What a setting says.

        >>> Address.of("https://onnuri:s%40fe@milvus.city.kr:19530/suncheon")
        Address(uri='https://milvus.city.kr:19530', token='onnuri:s@fe', database='suncheon')
        >>> Address.of("var/vectors.db")
        Address(uri='var/vectors.db', token='', database='')
        """
        parts = urlsplit(setting)
        if not parts.scheme:
            return cls(setting)
        account, _, host = parts.netloc.rpartition("@")
        return cls(urlunsplit((parts.scheme, host, "", "", "")), unquote(account), parts.path.strip("/"))


@lru_cache(maxsize=4)
def connected(setting: str) -> "Milvus":
    """The store at an address, one a process; raises StoreUnavailable when it does not answer."""
    address = Address.of(setting)
    try:
        from pymilvus import MilvusClient
    except ModuleNotFoundError as error:
        raise StoreUnavailable(
            "벡터 저장소를 쓰려면 pymilvus 패키지가 필요합니다. 'pip install \"onnuri[milvus]\"'로 설치하세요."
        ) from error
    for package in ("pymilvus", "milvus_lite", "grpc"):  # what they log, they also raise
        logging.getLogger(package).setLevel(logging.CRITICAL)
    with told(address.uri):
        client = MilvusClient(
            address.uri, token=address.token, db_name=address.database or "default", timeout=PATIENCE_S
        )
    return Milvus(client, address.uri)


class Milvus:
    """The snapshots in one Milvus database; for any number of threads."""

    def __init__(self, client: "MilvusClient", name: str) -> None:
        self._client, self._name = client, name

    @property
    def name(self) -> str:
        """Where it is, for people."""
        return self._name

    def engine(self, snapshot: Manifest, words: Words) -> MilvusEngine:
        """That of a snapshot; raises BrokenSnapshot when the store does not hold it whole."""
        with self._answering():
            if not self.holds(snapshot):
                raise BrokenSnapshot(
                    f"색인 '{snapshot.id}'이(가) 벡터 저장소 {self._name}에 없습니다. "
                    f"'onnuri index activate'로 이 색인을 올리세요."
                )
            self._client.load_collection(collection(snapshot.id), timeout=FILLING_PATIENCE_S)  # no work when it is
            return MilvusEngine(self._client, collection(snapshot.id), self._name, snapshot.chunks, words)

    def holds(self, snapshot: Manifest) -> bool:
        """Whether a snapshot is there, whole."""
        name = collection(snapshot.id)
        with self._answering():
            return (
                self._client.has_collection(name, timeout=PATIENCE_S)
                and int(self._client.get_collection_stats(name, timeout=PATIENCE_S)["row_count"]) == snapshot.chunks
            )

    def take(self, snapshot: Snapshot, progress: Callable[[int], None] = lambda done: None) -> None:
        """Fill a collection with a snapshot; ``progress`` is told how many chunks are there."""
        name = collection(snapshot.manifest.id)
        with self._answering():
            self._drop(name)
            schema, index = _schema(snapshot.manifest.dimension), _index(len(snapshot))
            self._client.create_collection(name, schema=schema, index_params=index, timeout=FILLING_PATIENCE_S)
            rows, done = _rows(snapshot), 0
            while batch := list(islice(rows, BATCH)):
                self._client.insert(name, batch, timeout=FILLING_PATIENCE_S)
                done += len(batch)
                progress(done)
            self._client.flush(name, timeout=FILLING_PATIENCE_S)
            (counted,) = self._client.query(
                name, output_fields=["count(*)"], consistency_level="Strong", timeout=FILLING_PATIENCE_S
            )
            held = counted["count(*)"]
        if held != len(snapshot):
            raise BrokenSnapshot(
                f"벡터 저장소 {self._name}에 조각 {len(snapshot)}개 가운데 {held}개만 있습니다. 색인을 다시 만드세요."
            )

    def serve(self, snapshot: str) -> None:
        """Move the alias to a snapshot, in one step."""
        with self._answering():
            if self.serving():
                self._client.alter_alias(collection(snapshot), ALIAS, timeout=PATIENCE_S)
            else:
                self._client.create_alias(collection(snapshot), ALIAS, timeout=PATIENCE_S)

    def serving(self) -> str:
        """The snapshot the alias points to; '' before the first."""
        with self._answering():
            if ALIAS not in self._client.list_aliases(timeout=PATIENCE_S)["aliases"]:
                return ""
            served = str(self._client.describe_alias(ALIAS, timeout=PATIENCE_S)["collection_name"])
            return served.removeprefix(_PREFIX).replace("_", "-")

    def drop(self, snapshot: str) -> None:
        """Forget a snapshot, if it is there."""
        with self._answering():
            self._drop(collection(snapshot))

    def _drop(self, name: str) -> None:
        if self._client.has_collection(name, timeout=PATIENCE_S):
            self._client.drop_collection(name, timeout=PATIENCE_S)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        with told(self._name):
            yield


_PREFIX = "onnuri_"


def collection(snapshot: str) -> str:
    """The name of a snapshot's collection; Milvus takes letters, digits and underscores.

    >>> collection("20261127-091500-482913")
    'onnuri_20261127_091500_482913'
    """
    return _PREFIX + snapshot.replace("-", "_")


def _schema(dimension: int) -> "CollectionSchema":
    from pymilvus import DataType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(NUMBER, DataType.INT64, is_primary=True)
    for name in (DOCUMENT, STARTS, ENDS):
        schema.add_field(name, DataType.INT64)
    schema.add_field(DENSE, DataType.FLOAT_VECTOR, dim=dimension)
    schema.add_field(WORDS, DataType.SPARSE_FLOAT_VECTOR)
    return schema


def _index(chunks: int) -> "IndexParams":
    from pymilvus import MilvusClient

    index = MilvusClient.prepare_index_params()
    if has_graph(chunks):
        index.add_index(DENSE, index_type="HNSW", metric_type=METRIC, params=_GRAPH)
    else:
        index.add_index(DENSE, index_type="FLAT", metric_type=METRIC)
    index.add_index(WORDS, index_type="SPARSE_INVERTED_INDEX", metric_type=METRIC)
    return index


def _rows(snapshot: Snapshot) -> Iterator[dict[str, object]]:
    """One a chunk; a chunk without any term gets one that nobody asks for: Milvus takes no empty vector."""
    layout, vectors = snapshot.layout, snapshot.arrays.all_vectors()
    nobodys = {len(snapshot.words.terms): 1.0}
    for number, weights in enumerate(snapshot.arrays.postings.rows()):
        document = int(layout.documents[number])
        starts, ends = layout.days[document].tolist()
        yield {
            NUMBER: number,
            DOCUMENT: document,
            STARTS: starts,
            ENDS: ends,
            DENSE: vectors[number],
            WORDS: weights or nobodys,
        }
