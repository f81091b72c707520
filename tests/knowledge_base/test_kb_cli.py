"""``onnuri kb``."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from knowledge_base.cli import app
from knowledge_base.errors import DocumentNotFound, KnowledgeBaseError
from knowledge_base.home import Home


@dataclass
class HomeOnly:
    """A running program that has a home and nothing else."""

    home: Home


@dataclass
class Commands:
    """Runs ``onnuri kb …`` as a person would."""

    console: HomeOnly

    def __call__(self, *arguments: str | Path) -> tuple[str, str]:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], obj=self.console)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout, result.stderr

    def json(self, *arguments: str | Path) -> Any:
        return json.loads(self(*arguments, "--json")[0])


@pytest.fixture
def kb(tmp_path: Path) -> Commands:
    return Commands(HomeOnly(Home(tmp_path / "var")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "문서"
    folder.mkdir()
    (folder / "faq.csv").write_text(
        "질문,답변,시행일,만료일\n여권?,5만원.,2026-01-01,2026-12-31\n등본?,400원.,,\n고장?,,,\n"
    )
    (folder / "안내.md").write_text("---\n제목: 안내\n담당부서: 민원과\n---\n문을 엽니다.")
    return folder


def test_import_says_what_changed_and_what_could_not_be_read(kb: Commands, folder: Path) -> None:
    out, errors = kb("import", folder)
    assert f"{folder}: 파일 2개 → 새 문서 3, 바뀜 0, 그대로 0, 빠짐 0" in out
    assert "onnuri index build" in out
    assert errors.strip() == "가져오지 못함: faq.csv: 3행: 답변 칸이 비어 있습니다"


def test_import_as_json_is_one_object_a_path(kb: Commands, folder: Path) -> None:
    out, _ = kb("import", folder, folder / "안내.md", "--json")
    first, second = map(json.loads, out.splitlines())
    assert first == {
        "path": str(folder),
        "files": 2,
        "added": 3,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
        "faults": [{"file": "faq.csv", "reason": "3행: 답변 칸이 비어 있습니다"}],
    }
    assert second == {**first, "path": str(folder / "안내.md"), "files": 1, "added": 0, "unchanged": 1, "faults": []}


def test_import_of_a_kind(kb: Commands, folder: Path) -> None:
    kb("import", folder, "--kind", "regulation")
    assert {found["kind"] for found in kb.json("list")} == {"regulation"}


def test_a_wrong_path_stops_before_anything_is_imported(kb: Commands, folder: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match="없음' 경로가 없습니다"):
        kb("import", folder, folder / "없음")
    assert kb.json("list") == []


def test_an_unknown_kind_is_a_usage_error(kb: Commands, folder: Path) -> None:
    result = CliRunner().invoke(app, ["import", str(folder), "--kind", "memo"], obj=kb.console)
    assert result.exit_code == 2


def test_list(kb: Commands, folder: Path) -> None:
    assert "문서가 없습니다" in kb("list")[0]
    kb("import", folder)
    assert kb("list")[0].splitlines() == [
        "faq.csv#1\tFAQ\t여권?\t2026-01-01~2026-12-31",
        "faq.csv#2\tFAQ\t등본?\t",
        "안내.md\t공지\t안내\t",
    ]
    found = kb.json("list")
    assert [document["id"] for document in found] == ["faq.csv#1", "faq.csv#2", "안내.md"]
    assert set(found[0]) == {
        *("id", "kind", "title", "category", "department", "phone", "source", "note"),
        *("effective_from", "effective_to", "as_of", "version", "imported_at"),
    }


def test_show(kb: Commands, folder: Path) -> None:
    kb("import", folder)
    assert kb("show", "안내.md")[0].endswith("\n\n문을 엽니다.\n")
    assert "department: 민원과\n" in kb("show", "안내.md")[0]
    found = kb.json("show", "faq.csv#1")
    assert (found["text"], found["effective_to"], found["as_of"]) == ("5만원.", "2026-12-31", None)
    with pytest.raises(DocumentNotFound, match="'없음' 문서가 없습니다"):
        kb("show", "없음")


def test_remove(kb: Commands, folder: Path) -> None:
    kb("import", folder)
    assert "문서 2개를 지웠습니다" in kb("remove", "faq.csv")[0]
    assert [document["id"] for document in kb.json("list")] == ["안내.md"]
    with pytest.raises(DocumentNotFound):
        kb("remove", "faq.csv")


def test_export(kb: Commands, folder: Path, tmp_path: Path) -> None:
    assert kb("export")[0] == ""
    kb("import", folder)
    records = [json.loads(line) for line in kb("export")[0].splitlines()]
    assert [(record["id"], record["text"]) for record in records] == [
        ("faq.csv#1", "5만원."),
        ("faq.csv#2", "400원."),
        ("안내.md", "문을 엽니다."),
    ]
    assert "문서 3개" in kb("export", "--out", tmp_path / "out.jsonl")[0]
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == kb("export")[0]


def test_export_to_where_nothing_can_be_written(kb: Commands, folder: Path, tmp_path: Path) -> None:
    kb("import", folder)
    with pytest.raises(KnowledgeBaseError, match="--out에 쓸 수 있는 파일"):
        kb("export", "--out", tmp_path / "없음" / "out.jsonl")


def test_an_unwritable_home_is_one_sentence(folder: Path) -> None:
    kb = Commands(HomeOnly(Home(folder / "안내.md")))
    for command in (["list"], ["show", "a"], ["remove", "a"], ["export"], ["import", str(folder)]):
        with pytest.raises(KnowledgeBaseError, match="ONNURI_HOME"):
            kb(*command)
