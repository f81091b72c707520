"""What a server loads once and keeps until it ends, loaded with less work and less memory."""

import ctypes
import gc
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

_STUB_WRITER = "gradio.component_meta"


@contextmanager
def kept() -> Iterator[None]:
    """What is loaded within stays; what only the loading needed goes back to the system.

    Meanwhile and ever after the garbage collector leaves it alone: looking through it takes .3 s of a start, and .2 s
    in which every call waits whenever it does so later.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        give_back()


def give_back() -> None:
    """What is free goes back to the system: glibc keeps free pages between those in use (25 MB after a start) until
    it is told."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def pandas_without_arrow() -> None:
    """Load pandas, which Gradio and sqlite-utils ask for, without the Arrow that other packages may have brought.

    That would be 33 MB which nothing here uses. Whoever needs Arrow itself, as Milvus does, gets it afterwards.
    """
    if "pyarrow" in sys.modules:
        return
    sys.modules["pyarrow"] = None  # type: ignore[assignment]  # the documented way to say: not installed
    try:
        importlib.import_module("pandas")
    finally:
        del sys.modules["pyarrow"]


@contextmanager
def gradio_without_stubs() -> Iterator[None]:
    """Gradio, when it is first imported within, writes no type stubs of its components into its own folder.

    It would do so at every start, in 1.2 of the 2 s that its import takes.
    """
    finder = _StubWriterFinder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _StubWriterFinder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname == _STUB_WRITER else None
        if spec is not None and spec.origin is not None:
            spec.loader = _WithoutStubs(fullname, spec.origin)
        return spec


class _WithoutStubs(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        vars(module)["create_or_modify_pyi"] = _write_nothing


def _write_nothing(component: type, name: str, events: object) -> None: ...
