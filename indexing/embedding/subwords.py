"""Texts to the ids a transformer reads, without loading ``transformers``."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from indexing.embedding import unigram
from indexing.embedding.model_folder import TOKENIZER, Recipe


class Subwords(Protocol):
    """A model's tokenizer; may be called from several threads at once."""

    def ids(self, texts: Iterable[str]) -> list[list[int]]:
        """The ids of each text with its ends, cut to the model's limit."""
        ...


class LibraryTokenizer:
    """Any ``tokenizer.json``, by the ``tokenizers`` library."""

    def __init__(self, file: Path, max_tokens: int) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)

    def ids(self, texts: Iterable[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]


def load(folder: Path, converted: Path, recipe: Recipe) -> Subwords:
    """The tokenizer of the model in ``folder``, in its quicker form where the conversion has one."""
    if unigram.is_saved(converted):
        return unigram.UnigramTokenizer(converted, recipe.max_tokens)
    return LibraryTokenizer(folder / TOKENIZER, recipe.max_tokens)
