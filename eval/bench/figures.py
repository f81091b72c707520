"""What was measured, as it is stored, and the tables made of it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from eval.examination.result import Stored

OURS = "온누리"


class Figures(Stored):
    """One benchmark. ``stacks`` are the figures of each way to search by its name, ours first; ``whole`` those of our
    whole program, ``limits`` those of the machine; ``growth`` milliseconds a search by chunks, by way to search."""

    day: str
    machine: str
    documents: str
    questions: str
    asked: int
    stacks: dict[str, dict[str, Any]]
    whole: dict[str, str]
    limits: dict[str, str]
    growth: dict[str, dict[int, float]]


class Row(NamedTuple):
    """A figure by which ways to search are compared; ``better`` picks the best of the peers' values."""

    label: str
    value: Callable[[Mapping[str, Any]], float]
    form: str
    better: Callable[..., float]

    def cells(self, stacks: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """The label, a value a way to search, and how many times better ours is than the best peer's."""
        values = {name: self.value(figures) for name, figures in stacks.items()}
        peers = [value for name, value in values.items() if name != OURS]
        shown = [self.label, *(self._short(value) for value in values.values())]
        return [*shown, self._ratio(values[OURS], self.better(peers)) if peers else ""]

    def _short(self, value: float) -> str:
        text = format(value, self.form)
        return text.removeprefix("0") if self.form == ".3f" else text

    def _ratio(self, ours: float, best: float) -> str:
        if self.form == ".3f":
            return f"{ours - best:+.3f}"
        return f"{ours / best if self.better is max else best / ours:.1f}배"


ROWS = (
    Row("recall@1", lambda figures: float(figures["recall@1"]), ".3f", max),
    Row("recall@5", lambda figures: float(figures["recall@5"]), ".3f", max),
    Row("MRR@10", lambda figures: float(figures["mrr@10"]), ".3f", max),
    Row("질문 하나 p50 (ms)", lambda figures: float(figures["query_ms"]["p50"]), ".1f", min),
    Row("질문 하나 p95 (ms)", lambda figures: float(figures["query_ms"]["p95"]), ".1f", min),
    Row("동시에 물을 때 초당 질문", lambda figures: float(figures["searches_per_second"]), ".0f", max),
    Row("색인: 초당 조각", lambda figures: float(figures["chunks_per_second"]), ".1f", max),
    Row("최대 메모리 (MiB)", lambda figures: float(figures["peak_mib"]), ",.0f", min),
)


def table(figures: Figures) -> str:
    """Markdown: the ways to search side by side, then our program and the machine's limits."""
    head = ["", *figures.stacks, "가장 나은 쪽보다"]
    compared = [head, ["---"] * len(head), *(row.cells(figures.stacks) for row in ROWS)]
    alone = [["무엇", "값"], ["---", "---"], *map(list, (figures.whole | figures.limits).items())]
    asked = f"{figures.documents}, {figures.questions} 가운데 질문 {figures.asked:,}개"
    told = f"{asked} · {figures.machine} · {figures.day} · `make bench`"
    return "\n".join([told, "", *map(_line, compared), "", *map(_line, alone)]) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
