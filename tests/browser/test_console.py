"""The console as it is started, over the sample knowledge base, with no way out of the machine."""

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command import ROOT, environment, onnuri
from loopback import free_port
from people import PASSWORD
from playwright.sync_api import Browser, expect

from app import Console
from assistant.accounts.person import Role
from assistant.accounts.registrar import Registrar
from assistant.audit.log import operator

pytestmark = pytest.mark.slow
LOCKED = {"PYTHONPATH": str(ROOT / "tests" / "only_loopback")}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the child processes note what they tried to reach."""
    return tmp_path_factory.mktemp("contacts") / "contacts.txt"


@pytest.fixture(scope="module")
def served(sample: Console, record: Path) -> Iterator[str]:
    """``onnuri serve`` in a process of its own that refuses every contact beyond loopback."""
    port = free_port()
    Registrar(sample.access(), operator()).add("kim", [Role.AGENT], PASSWORD)
    with subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment(sample.home.root, llm="none", ONLY_LOOPBACK_RECORD=str(record), **LOCKED),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == f"온누리 상담 어시스트: http://127.0.0.1:{port}"
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        process.wait(20)


def test_a_real_question_gets_the_right_fee_and_its_source(browser: Browser, served: str, sample: Console) -> None:
    context = browser.new_context(viewport={"width": 400, "height": 900}, locale="ko-KR")
    hosts: set[str] = set()
    context.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page = context.new_page()
    page.goto(served)
    page.get_by_label("이름").fill("kim")
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.keyboard.press("Enter")
    box = page.get_by_role("textbox", name="시민의 질문")
    box.fill("여권 재발급 수수료가 얼마예요?")
    box.press("Enter")
    answer = page.locator("#answer")
    expect(answer).to_contain_text("52,000원", timeout=20_000)
    expect(answer).to_contain_text("FAQ")
    expect(page.locator("#evidence")).to_contain_text("여권을 잃어버렸는데")
    box.fill("화성에 가는 로켓은 어디서 타요?")
    box.press("Enter")
    expect(answer).to_contain_text("061-749-3114", timeout=20_000)
    expect(answer).to_contain_text("확인 필요")
    assert hosts == {served.split("/")[2]}
    context.close()


def test_only_this_machine_can_connect(served: str) -> None:
    port = int(served.rsplit(":", 1)[1])
    addresses = {entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}
    for address in addresses - {"127.0.0.1"}:
        if str(address).startswith("127."):
            continue
        with pytest.raises(OSError, match=r"refused|unreachable|blocked"):
            socket.create_connection((address, port), timeout=2)
    with urllib.request.urlopen(f"{served}/login", timeout=10) as answer:
        assert answer.status == 200


def test_nothing_beyond_loopback_is_contacted(
    served: str, record: Path, make_home: Callable[[], Path], tmp_path: Path
) -> None:
    locked = {"ONLY_LOOPBACK_RECORD": str(record), **LOCKED}
    (tmp_path / "faq.csv").write_text("질문,답변\n매트리스 수수료는 얼마인가요?,8000원입니다.\n", encoding="utf-8")
    home = make_home()
    for arguments in (
        ("kb", "import", str(tmp_path)),
        ("index", "build"),
        ("ask", "매트리스 수수료는 얼마인가요?"),
    ):
        outcome = onnuri(*arguments, home=home, **locked)
        assert outcome.returncode == 0, outcome.stderr
    assert not record.exists(), record.read_text(encoding="utf-8")


def test_the_watch_itself_notices_a_contact(tmp_path: Path) -> None:
    record = tmp_path / "contacts.txt"
    script = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    outcome = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(tmp_path, ONLY_LOOPBACK_RECORD=str(record), **LOCKED),
        capture_output=True,
    )
    assert outcome.returncode != 0
    assert "192.0.2.1" in record.read_text(encoding="utf-8")
