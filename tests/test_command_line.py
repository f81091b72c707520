"""The command line end to end, with everything a person may do wrong."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command import ROOT, environment, onnuri, onnuri_here
from conftest import console_for
from hashing_embedder import HashingEmbedder
from typer.testing import CliRunner

from app import Console, cli
from indexing.building.build import build
from indexing.lexical.tokens import Analyzer
from knowledge_base.home import Home
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore

pytestmark = pytest.mark.slow
WASTE = "질문,답변,담당부서\n매트리스 버리는 수수료는 얼마인가요?,매트리스 수수료는 8000원입니다.,청소자원과\n"


def fails_with_one_sentence(outcome: subprocess.CompletedProcess[str], *said: str) -> None:
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    lines = [line for line in outcome.stderr.splitlines() if line.startswith("오류: ")]
    assert len(lines) == 1, outcome.stderr
    assert "Traceback" not in outcome.stderr
    for word in said:
        assert word in lines[0]


@pytest.fixture
def home(make_home: Callable[[], Path]) -> Path:
    return make_home()


def over(home: Path, sample: Console) -> Console:
    """A console that need not load its models."""
    console = console_for(home, llm="none")
    vars(console).update(_analyzer=sample.analyzer(), _embedder=sample.embedder())
    return console


def told(console: Console, *arguments: str) -> str:
    """What a command prints."""
    outcome = CliRunner().invoke(cli, arguments, obj=console, catch_exceptions=False)
    assert outcome.exit_code == 0
    return outcome.stdout


def test_a_folder_becomes_answers(home: Path, tmp_path: Path, sample: Console) -> None:
    (tmp_path / "faq.csv").write_bytes(WASTE.encode("cp949"))
    imported = json.loads(onnuri_here("kb", "import", str(tmp_path), "--json", home=home).stdout)
    assert (imported["added"], imported["faults"]) == (1, [])
    built = json.loads(onnuri("index", "build", "--json", home=home).stdout)
    assert built["documents"] == 1
    final = json.loads(told(over(home, sample), "ask", "여권 재발급 수수료가 얼마예요?", "--json"))
    assert (final["type"], final["status"]) == ("final", "abstained")
    assert final["transfer"]["phone"] == "061-749-3114"
    final = json.loads(told(over(home, sample), "ask", "매트리스 버리는 데 얼마예요?", "--json"))
    assert "8000원" in final["answer"]
    assert final["citations"][0]["chunk"].startswith("faq.csv#1")
    assert {"search", "total"} <= final["timings"].keys()


def test_the_readme_shows_what_is_answered(sample: Console) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\$ onnuri ask \"(.+)\"\n((?:[ \[].+\n)+)", page, re.MULTILINE)
    assert len(shown) == 2
    for question, lines in shown:
        answer = told(sample, "ask", question, "--llm", "none")
        assert [line for line in lines.splitlines() if line.removesuffix(" …") not in answer] == []


def test_what_to_know_of_an_answer_stands_before_it_with_the_documents_meant(sample: Console) -> None:
    caution, answer, _, *sources = told(sample, "ask", "주차위반 과태료 얼마예요", "--llm", "none").splitlines()
    assert (caution.partition("]")[0], answer.partition("]")[0]) == ("[경우 확인", "[발췌")
    assert [source.split()[0] for source in sources[:-1]] == ["[1]", "[2]"]
    assert "어린이보호구역" in "".join(sources)


def test_search_prints_what_the_contract_names(sample: Console) -> None:
    hits = json.loads(told(sample, "search", "여권 재발급 수수료", "-k", "3", "--on", "2026-11-22", "--json"))
    assert len(hits) == 3
    assert {"document", "chunk", "title", "text", "score", "bm25", "dense", "highlights"} <= hits[0].keys()


def test_eval_prints_what_the_contract_names(sample: Console, tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    row = {
        "id": "1",
        "question": "여권 재발급 수수료가 얼마예요?",
        "answer": "52,000원",
        "documents": ["faq/02_여권.csv#2"],
        "answerable": True,
        "category": "여권",
    }
    questions.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    figures = json.loads(
        told(sample, "eval", "run", str(questions), "--retrieval-only", "--json", "--out", str(tmp_path / "run"))
    )
    assert figures["recall@1"] == 1.0
    assert {"recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10", "n_total", "n_failed"} <= figures.keys()
    assert {"p50", "p95", "p99"} <= figures["latency_ms"]["total"].keys()


def test_life_of_a_snapshot(home: Path, tmp_path: Path, sample: Console) -> None:
    def ran(*arguments: str) -> str:
        return told(over(home, sample), *arguments)

    (tmp_path / "faq.csv").write_text(WASTE, encoding="utf-8")
    ran("kb", "import", str(tmp_path))
    first = json.loads(ran("index", "build", "--json"))["id"]
    (tmp_path / "faq.csv").write_text(WASTE.replace("8000", "9000"), encoding="utf-8")
    ran("kb", "import", str(tmp_path))
    second = json.loads(ran("index", "build", "--json"))["id"]
    assert first != second
    assert [row["id"] for row in json.loads(ran("index", "list", "--json"))] == [first, second]
    ran("index", "rollback")
    assert json.loads(ran("index", "status", "--json"))["id"] == first
    ran("index", "activate", second)
    ran("index", "verify")
    (home / "snapshots" / second / "vectors.faiss").write_bytes(b"broken")
    fails_with_one_sentence(onnuri_here("index", "verify", home=home), second, "vectors.faiss")
    outcome = onnuri("ask", "매트리스 버리는 데 얼마예요?", "--llm", "none", "--json", home=home)
    assert json.loads(outcome.stdout)["snapshot"] == first
    assert second in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("index", "build"), ("kb import",)),
        (("index", "status"), ("색인", "index build")),
        (("search", "여권"), ("index build",)),
        (("ask", "여권 수수료 얼마예요?"), ("index build",)),
        (("kb", "show", "없음.md"), ("없음.md", "kb list")),
        (("kb", "remove", "없음.md"), ("없음.md",)),
        (("kb", "import", "없는폴더"), ("없는폴더",)),
        (("eval", "run", "없는파일.jsonl"), ("없는파일.jsonl",)),
        (("index", "activate", "20200101-000000-abcd"), ("20200101-000000-abcd",)),
    ],
)
def test_mistakes_get_one_sentence(home: Path, arguments: tuple[str, ...], said: tuple[str, ...]) -> None:
    fails_with_one_sentence(onnuri_here(*arguments, home=home), *said)


@pytest.mark.parametrize("question", ["", "😀😀", "가" * 10_000])
def test_a_question_not_worth_asking(sample: Console, question: str) -> None:
    fails_with_one_sentence(onnuri_here("ask", question, "--llm", "none", home=sample.home.root), "질문")


def test_an_empty_folder(home: Path, tmp_path: Path) -> None:
    fails_with_one_sentence(onnuri_here("kb", "import", str(tmp_path), home=home), "파일이 없습니다")


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    fails_with_one_sentence(onnuri_here("kb", "list", home=blocked / "home"), "ONNURI_HOME")


def test_a_wrong_setting(home: Path) -> None:
    fails_with_one_sentence(onnuri_here("kb", "list", home=home, llm="gpt"), "ONNURI_LLM", "gguf")
    fails_with_one_sentence(onnuri_here("kb", "list", home=home, llm_modle="x"), "ONNURI_LLM_MODLE", "ONNURI_LLM_MODEL")


def test_a_model_that_does_not_exist(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "faq.csv").write_text(WASTE, encoding="utf-8")
    import_path(KnowledgeStore(home / "knowledge.db"), tmp_path)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    outcome = onnuri_here("index", "build", home=home, embedding_model="no-such/model")
    fails_with_one_sentence(outcome, "no-such/model")


def test_an_index_of_another_model(home: Path, tmp_path: Path, analyzer: Analyzer) -> None:
    (tmp_path / "faq.csv").write_text(WASTE, encoding="utf-8")
    store = KnowledgeStore(home / "knowledge.db")
    import_path(store, tmp_path)
    build(Home(home), HashingEmbedder(name="another"), analyzer)
    fails_with_one_sentence(onnuri_here("search", "여권", home=home), "another", "index build")


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("kb", "show"), ("search", "여권", "-k", "0"), ("serve", "--port", "x")]
)
def test_wrong_usage_exits_with_2(home: Path, arguments: tuple[str, ...]) -> None:
    assert onnuri_here(*arguments, home=home).returncode == 2


def test_a_port_in_use(sample: Console) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        outcome = onnuri_here("serve", "--port", port, home=sample.home.root, llm="none")
    fails_with_one_sentence(outcome, port, "--port")


def test_mask_reads_standard_input(home: Path) -> None:
    masked = subprocess.run(
        [sys.executable, "-m", "app", "mask"],
        cwd=ROOT,
        env=environment(home),
        input="제 번호는 010-1234-5678이에요\n",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert masked == "제 번호는 [전화번호]이에요\n"


def test_help_is_in_korean_and_quick_to_load(home: Path) -> None:
    outcome = onnuri("--help", home=home)
    assert "지식 문서를 가져오고" in outcome.stdout
    assert "명령" in outcome.stdout


def test_what_surrounds_help_and_errors_is_in_korean(home: Path) -> None:
    told = onnuri_here("search", "--help", home=home).stdout
    for shown in ("인자", "옵션", "[필수]", "[기본: 5]"):
        assert shown in told
    assert "search --help'로 도움말을 볼 수 있습니다." in onnuri_here("search", home=home).stderr


def test_export_gives_back_every_document(sample: Console) -> None:
    lines = told(sample, "kb", "export").splitlines()
    assert len(lines) == len(sample.searcher().snapshot().manifest.documents)
    assert {"id", "kind", "title", "text"} <= json.loads(lines[0]).keys()
