"""What Milvus raises, told to people."""

from collections.abc import Iterator
from contextlib import contextmanager

from knowledge_base.errors import BrokenSnapshot, StoreUnavailable

_GONE = (100, 101)  # codes: the collection does not exist, or is not loaded


@contextmanager
def told(name: str) -> Iterator[None]:
    """Raise StoreUnavailable for whatever fails at the store ``name``, and BrokenSnapshot for a collection gone."""
    from grpc import Call, RpcError
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except MilvusException as error:
        if error.code in _GONE:
            raise BrokenSnapshot(f"색인이 벡터 저장소 {name}에서 지워졌습니다({error.message}).") from error
        raise _unavailable(name, error.message) from error
    except RpcError as error:
        raise _unavailable(name, error.details() if isinstance(error, Call) else error) from error


def _unavailable(name: str, reason: object) -> StoreUnavailable:
    return StoreUnavailable(
        f"벡터 저장소 {name}을(를) 쓸 수 없습니다({reason}). Milvus가 켜져 있는지, "
        "ONNURI_VECTOR_STORE의 주소와 계정이 맞는지 확인하세요."
    )
