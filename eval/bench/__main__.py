"""``python -m eval.bench DOCUMENTS QUESTIONS.jsonl``: measure everything and write docs/bench.json and docs/bench.svg.

With ``--ours`` only this program is measured and the table printed, for a look before and after a change.
"""

import random
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assistant.settings import load as settings
from eval.bench import growth
from eval.bench.figures import Figures, table
from eval.bench.limits import limits
from eval.bench.stack_run import OURS, PEERS, Environment, measured
from eval.bench.whole import whole
from eval.questions.dataset import load
from eval.report import charts
from eval.runs.provenance import machine

SAMPLE = 1000
PEERS_FOLDER = Path(".venv-peers")
DOCS = Path("docs")


def main() -> None:
    """Measure, one thing after the other: nothing else may use the machine. What is measured is kept as it comes."""
    is_ours_alone = "--ours" in sys.argv
    documents, questions = (Path(argument) for argument in sys.argv[1:3])
    models = settings().home_folder().models
    model, environment = models / "multilingual-e5-small", Environment(PEERS_FOLDER)
    asked = _sample(questions)
    stacks = (OURS,) if is_ours_alone else (OURS, *PEERS)
    _tell("이 기계의 한계와 온누리의 명령 전체를 잽니다")
    found = Figures(
        day=str(date.today()),
        machine=f"{machine()['cpu']} {machine()['cpus']}코어",
        documents=documents.parent.name,
        questions=questions.name,
        asked=len(asked),
        stacks={},
        limits=limits(),
        whole=whole(documents, questions, models),
        growth={},
    )
    for stack in stacks:
        _tell(f"{stack.name}: 색인하고 질문 {len(asked):,}개를 묻습니다")
        found.stacks[stack.name] = measured(stack, documents, asked, model, environment)
    sys.stdout.write(table(found))
    if is_ours_alone:
        return
    _keep(found)
    for stack in stacks:
        _tell(f"{stack.name}: 조각이 늘 때 검색에 드는 시간을 잽니다")
        chunks = int(found.stacks[stack.name]["chunks"])
        found.growth[stack.name] = growth.curve(stack, documents, chunks, asked, model, environment)
        _keep(found)


def _keep(found: Figures) -> None:
    (DOCS / "bench.json").write_text(found.model_dump_json(indent=1) + "\n", "utf-8")
    if found.growth:
        (DOCS / "bench.svg").write_text(charts.growth(found.growth), "utf-8")


def _sample(questions: Path) -> Sequence[tuple[str, list[str]]]:
    """The same questions for every way to search."""
    answerable = [each for each in load(questions).questions if each.answerable]
    chosen = random.Random(0).sample(answerable, min(SAMPLE, len(answerable)))
    return [(each.question, list(each.documents)) for each in chosen]


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
