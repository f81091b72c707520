"""``onnuri check``: lines in, verdicts out, broken lines reported and the rest done."""

import json
import unicodedata
from pathlib import Path

import pytest
import typer

from assistant.cli import check, mask
from assistant.grounding.pairs import parsed
from knowledge_base.errors import AssistantError

TEXT = "확정일자 수수료는 얼마인가요?\n확정일자 수수료는 1건에 600원입니다."
GOOD = {"question": "확정일자 얼마예요?", "evidence": TEXT, "sentence": "확정일자는 한 건에 육백 원입니다."}
BAD = {"evidence": {"title": "확정일자", "text": TEXT}, "sentence": "확정일자는 1건에 6,000원입니다."}


def _written(folder: Path, *lines: object) -> Path:
    file = folder / "pairs.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    file.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return file


def test_a_verdict_and_its_reasons_for_each_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(_written(tmp_path, GOOD, BAD))
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {"supported": True, "reasons": []}
    assert second["supported"] is False
    assert "6,000원" in second["reasons"][0]


def test_decomposed_text_is_read_as_it_looks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decomposed = {name: unicodedata.normalize("NFD", text) for name, text in GOOD.items()}
    mixed = ({**GOOD, name: decomposed[name]} for name in GOOD)
    check(_written(tmp_path, decomposed, *mixed, {**BAD, "evidence": decomposed["evidence"]}))
    verdicts = map(json.loads, capsys.readouterr().out.splitlines())
    assert [verdict["supported"] for verdict in verdicts] == [True, True, True, True, False]


def test_broken_lines_are_named_and_the_rest_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _written(tmp_path, GOOD, "{not json", {"evidence": TEXT}, {"sentence": "a", "evidence": 3}, BAD)
    with pytest.raises(AssistantError, match="3줄"):
        check(file)
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 2
    assert [line.split("번째")[0] for line in printed.err.splitlines()] == ["2", "3", "4"]


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    for command in (check, mask):
        with pytest.raises(AssistantError, match="읽을 수 없습니다"):
            command(tmp_path / "none.jsonl")


@pytest.mark.parametrize("line", ["[]", "1", '{"sentence": "", "evidence": "a"}', "[" * 100_000])
def test_a_broken_line_says_what_is_wrong(line: str) -> None:
    with pytest.raises(ValueError, match="아닙니다"):
        parsed(line)


def test_the_command_is_registered() -> None:
    import app

    assert "check" in typer.main.get_command(app.cli).commands
