"""The scores of one question: which metrics apply to it, and what each says."""

from collections.abc import Mapping
from typing import Protocol

from assistant.events import Status
from assistant.grounding import Evidence as Passage
from assistant.grounding import GroundingChecker
from eval.examination.result import Answer, Judgement, Result
from eval.examination.retrieval import DEPTH
from eval.metrics.abstention import abstention_precision, abstention_recall, false_alarm
from eval.metrics.citations import citation_precision, citation_recall
from eval.metrics.groundedness import Cited, groundedness
from eval.metrics.key_facts import fact_precision, fact_recall
from eval.metrics.mrr import reciprocal_rank
from eval.metrics.named_things import thing_precision, thing_recall
from eval.metrics.ndcg import ndcg
from eval.metrics.numbers import number_recall
from eval.metrics.recall import recall
from eval.metrics.rouge_l import rouge_l
from eval.metrics.token_f1 import token_f1
from eval.questions.question import Question
from indexing.lexical.things import named
from indexing.lexical.tokens import Analyzer

RIGHT = "right"


class Judges(Protocol):
    """Anything that gives its opinion of an answer."""

    def judge(self, question: Question, answer: str) -> Judgement:
        """Compare ``answer`` with the reference answer of ``question``."""


class Grader:
    """Scores results; needs a morphological analyser, and a judge only when its opinion is wanted.

    Where nobody has said what is right (``labelled`` False: recorded calls) only what needs no reference is scored.
    ``llm`` says whether the assistant asks one, so that one that fails in silence is seen.
    """

    def __init__(
        self, analyzer: Analyzer, judge: Judges | None = None, *, labelled: bool = True, llm: bool = False
    ) -> None:
        self._llm = llm
        self._labelled = labelled
        self._analyzer = analyzer
        self._checker = GroundingChecker(analyzer)
        self._judge = judge

    def graded(self, question: Question, result: Result) -> Result:
        """The result with its scores, and with the judge's opinion of its answer."""
        answer = result.answer
        if self._judge and question.answer and answer is not None and answer.answered:
            answer = answer.model_copy(update={"judgement": self._judge.judge(question, answer.text)})
            result = result.model_copy(update={"answer": answer})
        scores: dict[str, float | None] = {}
        if question.answerable:
            scores |= _rankings(question, result)
        if answer is not None:
            scores |= self._answer(question, result, answer)
            if self._labelled:
                scores |= _abstention(question, answer)
        kept = {name: score for name, score in scores.items() if score is not None}
        return result.model_copy(update={"scores": kept})

    def _answer(self, question: Question, result: Result, answer: Answer) -> dict[str, float | None]:
        """A failure and an abstention give nothing: 0 where something had to be given."""
        text = answer.text if answer.answered else ""
        scores: dict[str, float | None] = {
            "groundedness": self._groundedness(question, result, answer) if answer.answered else None,
            "kept_sentences": _share([each.supported for each in answer.checks]),
        }
        if self._llm and answer.status in (Status.GENERATED, Status.EXTRACTIVE):
            scores["llm_answered"] = float(bool(answer.model))
        if question.answerable:
            cited = [each.document for each in answer.citations]
            scores["citation_precision"] = citation_precision(cited, question.documents)
            scores["citation_recall"] = citation_recall(cited, question.documents)
        if question.answerable and question.answer:
            scores |= self._against_reference(question, text)
        if self._judge and question.answerable and question.answer:
            scores["judge"] = (answer.judgement.score or 0.0) if answer.judgement else 0.0
        return scores

    def _against_reference(self, question: Question, text: str) -> dict[str, float | None]:
        reference = question.answer
        asked = named(question.question, self._analyzer)
        in_reference, in_text = self._forms(reference), self._forms(text)
        return {
            "fact_recall": fact_recall(reference, text),
            "fact_precision": fact_precision(reference, text),
            "number_recall": number_recall(reference, text),
            "thing_recall": thing_recall(named(reference, self._analyzer), text, asked),
            "thing_precision": thing_precision(named(text, self._analyzer), reference, asked),
            "token_f1": token_f1(in_reference, in_text),
            "rouge_l": rouge_l(in_reference, in_text),
        }

    def _groundedness(self, question: Question, result: Result, answer: Answer) -> float | None:
        passages = {each.chunk: Passage(each.titles, each.text) for each in result.evidence}
        cited = [Cited(*each.span, passages[each.chunk]) for each in answer.citations if each.chunk in passages]
        return groundedness(answer.text, cited, question.question, self._checker)

    def _forms(self, text: str) -> list[str]:
        return [token.form for token in self._analyzer.tokens(text)]


def _rankings(question: Question, result: Result) -> Mapping[str, float]:
    chunks = [RIGHT if rank == result.chunk_rank else str(rank) for rank in range(1, DEPTH + 1)]
    scores: dict[str, float] = {}
    for prefix, ranked, right in (("", result.ranked, question.documents), ("chunk_", chunks, (RIGHT,))):
        scores |= {f"{prefix}recall@{k}": recall(ranked, right, k=k) for k in (1, 3, 5, 10)}
        scores[f"{prefix}mrr@10"] = reciprocal_rank(ranked, right, k=10)
        scores[f"{prefix}ndcg@10"] = ndcg(ranked, right, k=10)
    return scores


def _abstention(question: Question, answer: Answer) -> dict[str, float | None]:
    return {
        "abstention_precision": abstention_precision(answer.abstained, question.answerable),
        "abstention_recall": abstention_recall(answer.abstained, question.answerable),
        "false_alarm": false_alarm(answer.abstained, question.answerable),
    }


def _share(verdicts: list[bool]) -> float | None:
    return sum(verdicts) / len(verdicts) if verdicts else None
