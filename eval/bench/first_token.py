"""``python -m eval.bench.first_token QUESTIONS.jsonl [N]``: how long the first word of an answer takes, and why.

The LLM and the index of ``ONNURI_HOME`` are asked N questions twice, in this process and one at a time: first over
evidence that was never read, then with the evidence read ahead while the caller was still speaking. It is the tokens
not known yet that the first word waits for, so they are counted beside the seconds. Prints figures by name as JSON.
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assistant.answering.assistant import SEARCHED, SHOWN, Assistant
from assistant.answering.confidence import ranked
from assistant.answering.question import prepared, subject_matter
from assistant.events import FinalEvent, Tokens, Transfer
from assistant.llm.choice import BUNDLED_GGUF, language_model
from assistant.settings import Settings
from assistant.settings import load as load_settings
from eval.bench.limits import bytes_read
from eval.questions.dataset import load
from indexing.embedding.model import EmbeddingModel
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import SearchResult
from indexing.retrieval.search import SearchService
from knowledge_base.errors import LLMUnavailable

ASKED = 20
SPEAKING = 4.0
"""Seconds from the words that make a question clear to the end of the sentence and the pause after it."""


class Answered(NamedTuple):
    """Seconds to the first word and after it, and the tokens of one answer."""

    first: float
    rest: float
    tokens: Tokens

    @property
    def uncached(self) -> int:
        """The tokens of the prompt that the first word had to wait for."""
        return self.tokens.prompt - self.tokens.cached


class Asking:
    """An assistant with the LLM of the settings over the snapshot of their home."""

    def __init__(self, settings: Settings) -> None:
        home = settings.home_folder()
        model = language_model(settings, home.models, home.root)
        if model is None:
            raise LLMUnavailable("LLM이 꺼져 있습니다. ONNURI_LLM=gguf로 다시 실행하세요.")
        analyzer = Analyzer()
        self._searcher = SearchService(home, EmbeddingModel(str(home.models / "multilingual-e5-small")), analyzer)
        self._assistant = Assistant(self._searcher, analyzer, Transfer(department="민원과", phone=""), model)
        model.start()

    def found(self, question: str) -> SearchResult:
        """What is shown for a question."""
        subject = subject_matter(prepared(question))
        result = self._searcher.search(subject, k=SEARCHED)
        hits = tuple(ranked(result.hits, subject)[:SHOWN])
        return SearchResult(hits=hits, candidates=result.candidates, snapshot=result.snapshot, timings=result.timings)

    def foresee(self, question: str) -> None:
        """What a call does when a question is clear before it is asked to its end."""
        heard = " ".join(question.split()[:-1]) or question
        self._assistant.prepare(heard, self.found(question))
        time.sleep(SPEAKING)

    def answered(self, question: str) -> Answered | None:
        """None where the LLM was not asked, or its answer cut short."""
        final = list(self._assistant.suggest(question, found=self.found(question)))[-1]
        if not isinstance(final, FinalEvent) or final.tokens is None:
            return None
        first = final.timings["first_token"] / 1000
        return Answered(first, final.timings["total"] / 1000 - first, final.tokens)


def first_tokens(asking: Asking, questions: Sequence[str], count: int) -> dict[str, str]:
    """Figure by name, over ``count`` questions that the LLM answers, cold and then foreseen."""
    cold = list(_cold(asking, questions[: len(questions) // 2], count))
    foreseen: list[Answered] = []
    for question in questions[len(questions) // 2 :]:
        if len(foreseen) == len(cold):
            break
        asking.foresee(question)
        if (answered := asking.answered(question)) is not None:
            foreseen.append(answered)
    both = [*cold, *foreseen]
    speed = sum(each.tokens.completion for each in both) / sum(each.rest for each in both)
    return {
        f"LLM의 첫 낱말({len(cold)}개, 처음 읽는 근거): p50 / p95": _seconds(cold),
        f"LLM의 첫 낱말({len(foreseen)}개, 미리 읽은 근거): p50 / p95": _seconds(foreseen),
        "그때까지 읽은 토큰(처음 / 미리 읽음), 중앙값": f"{_median(cold):.0f} / {_median(foreseen):.0f}",
        "LLM이 쓰는 속도": f"초당 {speed:.1f}토큰",
    }


def limit(gguf: Path) -> dict[str, str]:
    """The tokens a second that reading all weights from memory once a token allows."""
    return {"이 기계의 한계: LLM이 쓰는 속도": f"초당 {bytes_read() / gguf.stat().st_size:.1f}토큰"}


def _cold(asking: Asking, questions: Sequence[str], count: int) -> Iterator[Answered]:
    for question in questions:
        if count == 0:
            return
        if (answered := asking.answered(question)) is not None:
            count -= 1
            yield answered


def _seconds(answers: Sequence[Answered]) -> str:
    p50, p95 = np.percentile([each.first for each in answers], [50, 95]) if answers else (np.nan, np.nan)
    return f"{p50:.2f} / {p95:.2f}초"


def _median(answers: Sequence[Answered]) -> float:
    return float(np.median([each.uncached for each in answers])) if answers else float("nan")


def main() -> None:
    """The command line; nothing else may use the machine."""
    questions = [each.question for each in load(Path(sys.argv[1])).questions if each.answerable]
    random.Random(0).shuffle(questions)
    settings = load_settings()
    figures = first_tokens(Asking(settings), questions, int(sys.argv[2]) if len(sys.argv) > 2 else ASKED)
    gguf = settings.home_folder().models / BUNDLED_GGUF
    json.dump(figures | limit(gguf), sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
