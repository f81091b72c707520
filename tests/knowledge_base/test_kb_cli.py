"""``onnuri kb``."""

import json
import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from knowledge_base.audit import Audit, AuditAction
from knowledge_base.cli import app
from knowledge_base.errors import DocumentNotFound, KnowledgeBaseError
from knowledge_base.home import Home


@dataclass
class HomeOnly:
    """A running program that has a home and an audit, and nothing else."""

    home: Home
    audited: list[tuple[AuditAction, str]] = field(default_factory=list)

    def audit(self) -> Audit:
        return lambda action, subject, details=None: self.audited.append((action, subject))


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
    (folder / "faq.csv").write_text("질문,답변,시행일,만료일\n여권?,5만원.,2026-01-01,\n등본?,400원.,,\n고장?,,,\n")
    (folder / "안내.md").write_text("---\n제목: 안내\n담당부서: 민원과\n---\n문을 엽니다.")
    return folder


def test_import_says_what_changed_and_what_could_not_be_read(kb: Commands, folder: Path) -> None:
    (folder / "빈.txt").touch()
    out, errors = kb("import", folder)
    assert f"{folder}: 파일 3개(새로 읽음 3) → 새 문서 3, 바뀜 0, 그대로 0, 빠짐 0" in out
    assert "onnuri index build" in out
    told = [line.strip() for line in errors.splitlines()]
    assert "읽지 못한 곳이 있음(문서 2건은 쓰임): faq.csv: 3행: 답변 칸이 비어 있습니다" in told
    assert "가져오지 못함: 빈.txt: 빈 파일입니다. 내용을 확인해 주세요." in told


def test_import_as_json_is_one_object_a_path(kb: Commands, folder: Path) -> None:
    out, _ = kb("import", folder, folder / "안내.md", "--json")
    first, second = map(json.loads, out.splitlines())
    assert first == {
        "path": str(folder),
        "files": 2,
        "read": 2,
        "added": 3,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
        "faults": [{"file": "faq.csv", "reason": "3행: 답변 칸이 비어 있습니다"}],
    }
    one = {"files": 1, "read": 0, "added": 0, "unchanged": 1}
    assert second == {**first, "path": str(folder / "안내.md"), **one, "faults": []}


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
    (folder / "옛글.md").write_text("---\n제목: 옛글\n만료일: 2020-12-31\n담당부서: 총무과\n---\n옛날 글.")
    kb("import", folder)
    kb("withdraw", "faq.csv#2", "--reason", "틀린 값")
    kb("edit", "안내.md", "--phone", "061-749-3114")
    assert kb("list")[0].splitlines() == [
        "faq.csv#1\tFAQ\t시행 중\t여권?\t2026-01-01~",
        "faq.csv#2\tFAQ\t내림\t등본?\t",
        "안내.md\t공지\t시행 중 (고침)\t안내\t",
        "옛글.md\t공지\t만료\t옛글\t~2020-12-31",
    ]
    found = kb.json("list")
    assert [document["id"] for document in found] == ["faq.csv#1", "faq.csv#2", "안내.md", "옛글.md"]
    assert set(found[0]) == {
        *("id", "kind", "title", "category", "department", "phone", "source", "note", "supersedes"),
        *("effective_from", "effective_to", "as_of", "version", "imported_at"),
        *("state", "corrected", "withdrawn", "successor"),
    }
    assert [row["state"] for row in found] == ["in_force", "withdrawn", "in_force", "expired"]


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        (["--kind", "notice"], ["안내.md"]),
        (["--department", "민원 과"], ["안내.md"]),
        (["--query", "5만원"], ["faq.csv#1"]),
        (["--query", "FAQ.CSV"], ["faq.csv#1", "faq.csv#2"]),
        (["--on", "2025. 12. 31."], ["faq.csv#2", "안내.md"]),
        (["--kind", "faq", "--department", "민원과"], []),
    ],
)
def test_list_with_filters(kb: Commands, folder: Path, conditions: list[str], ids: list[str]) -> None:
    kb("import", folder)
    assert [found["id"] for found in kb.json("list", *conditions)] == ids
    if not ids:
        assert "찾는 문서가 없습니다" in kb("list", *conditions)[0]


def test_list_on_no_day(kb: Commands, folder: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match="2026-01-31처럼"):
        kb("list", "--on", "내일")


@pytest.mark.parametrize("typed", [unicodedata.normalize("NFD", "안내.md"), os.fsdecode("안내.md".encode("cp949"))])
def test_an_id_is_found_as_a_shell_completes_it(kb: Commands, folder: Path, typed: str) -> None:
    kb("import", folder)
    assert kb.json("show", typed)["id"] == "안내.md"


def test_show(kb: Commands, folder: Path) -> None:
    kb("import", folder)
    kb("edit", "안내.md", "--to", "2027. 1. 31.")
    kb("withdraw", "안내.md", "--reason", "확인 중")
    shown = kb("show", "안내.md")[0]
    assert shown.endswith("\n\n문을 엽니다.\n")
    assert {"담당부서: 민원과", "만료일: 2027-01-31 (손으로 고침)", "내린 이유: 확인 중"} <= set(shown.splitlines())
    found = kb.json("show", "faq.csv#1")
    assert (found["text"], found["effective_from"], found["as_of"]) == ("5만원.", "2026-01-01", None)
    with pytest.raises(DocumentNotFound, match="'없음' 문서가 없습니다"):
        kb("show", "없음")


def test_edit_needs_something_to_do(kb: Commands, folder: Path) -> None:
    kb("import", folder)
    for arguments in ([], ["--undo", "--phone", "3114"]):
        with pytest.raises(KnowledgeBaseError, match="--undo만"):
            kb("edit", "안내.md", *arguments)
    kb("edit", "안내.md", "--department", "")
    assert "담당부서: 없음 (손으로 고침)" in kb("show", "안내.md")[0]
    assert "되돌렸습니다" in kb("edit", "안내.md", "--undo")[0]
    assert "담당부서: 민원과\n" in kb("show", "안내.md")[0]


def test_withdraw_and_restore(kb: Commands, folder: Path) -> None:
    kb("import", folder)
    assert "문서 2개를 내렸습니다" in kb("withdraw", "faq.csv", "--reason", "전면 개정")[0]
    assert [json.loads(line)["id"] for line in kb("export")[0].splitlines()] == ["안내.md"]
    assert "문서 1개를 다시 올렸습니다" in kb("restore", "faq.csv#1")[0]
    with pytest.raises(KnowledgeBaseError, match="내린 문서가 아닙니다"):
        kb("restore", "faq.csv#1")


def test_history_and_back(kb: Commands, folder: Path) -> None:
    kb("import", folder)
    (folder / "안내.md").write_text("---\n제목: 안내\n담당부서: 총무과\n---\n문을 닫습니다.")
    kb("import", folder)
    first, second = kb("history", "안내.md")[0].splitlines()
    assert second.endswith("← 지금")
    shown = kb("history", "안내.md", "--diff")[0]
    assert {"    담당부서: 민원과 → 총무과", "    -문을 엽니다.", "    +문을 닫습니다."} <= set(shown.splitlines())
    old = first.split()[0]
    assert kb.json("history", "안내.md")["versions"][0]["version"] == old
    assert "되돌렸습니다" in kb("restore", "안내.md", "--version", old[:6])[0]
    assert kb.json("show", "안내.md")["text"] == "문을 엽니다."
    with pytest.raises(KnowledgeBaseError, match="하나로 정할 수 없습니다"):
        kb("restore", "안내.md", "--version", "없음")


def test_review(kb: Commands, folder: Path) -> None:
    assert "손볼 문서가 없습니다" in kb("review")[0]
    kb("import", folder)
    assert "\n읽지 못한 파일과 행 (1)\n  faq.csv\t3행: 답변 칸이 비어 있습니다\n" in kb("review")[0]
    assert {"concern", "id", "title", "detail"} == set(kb.json("review")[0])


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


def test_whatever_changes_or_leaves_the_knowledge_base_is_audited(kb: Commands, folder: Path, tmp_path: Path) -> None:
    kb("import", folder)
    kb("edit", "안내.md", "--department", "세정과")
    kb("withdraw", "안내.md", "--reason", "틀림")
    kb("restore", "안내.md")
    kb("export", "--out", tmp_path / "모두.jsonl")
    kb("remove", "faq.csv")
    kb("list")
    assert [action.value for action, _ in kb.console.audited] == [
        "imported", "corrected", "withdrawn", "restored", "exported", "removed",
    ]  # fmt: skip
    assert kb.console.audited[2] == (AuditAction.WITHDRAWN, "안내.md")
