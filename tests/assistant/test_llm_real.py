"""Real models behind each of the three settings: the bundled GGUF, hosted or local, and a tiny transformer.

The GGUF is ``$ONNURI_TEST_GGUF`` or ``var/models/`` in the repository; it is assembled there when missing.
The transformer is made here, of random weights: what it writes is garbage, which is the point.
"""

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from waiting import becomes

from assistant.answering.assistant import Assistant
from assistant.events import EvidenceEvent, FinalEvent, Status, SuggestionEvent, Transfer
from assistant.grounding import Evidence
from assistant.llm import prompt
from assistant.llm.bundled import assemble
from assistant.llm.choice import BUNDLED_GGUF, MAX_TOKENS, language_model
from assistant.llm.deadline import Limits
from assistant.llm.exchange import Exchange
from assistant.llm.language_model import LanguageModel
from assistant.llm.llama_server import HOST, LlamaServer, ServerOptions
from assistant.llm.openai_chat import endpoint
from assistant.llm.prefill import Prefill
from assistant.llm.turns import Turns
from assistant.settings import Settings
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit, SearchResult
from knowledge_base.document import Chunk, Document, Kind
from knowledge_base.errors import LLMUnavailable

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
GGUF = Path(os.environ.get("ONNURI_TEST_GGUF", ROOT / "var/models" / BUNDLED_GGUF))
LIMITS = {"llm_first_token_timeout": 240, "llm_timeout": 480}
OPTIONS = ServerOptions(threads=1, context=2048)  # more would wait for each other where other tests run beside
HANGUL = re.compile("[가-힣]")
ON = date(2026, 11, 27)
QUESTION = "대형폐기물로 소파를 버리려면 수수료가 얼마인가요?"
FEE = "소파 수수료는 6,000원입니다."
TEXT = f"대형폐기물 {FEE} 배출일 하루 전까지 행정복지센터에 신고하고 수수료를 냅니다."
PLACES = [("수영장", 3, "월"), ("도서관", 1, "화"), ("캠핑장", 9, "수")]  # one more than the server has slots
LONG = "일월부터 십이월까지 세어 주세요."
VALUES = {"evidence": [Evidence("대형폐기물 배출 안내", TEXT)], "question": QUESTION}


class OneRule:
    """A search back end that always finds the same rule, and is sure of it."""

    def search(self, question: str, *, k: int, on: date | None = None) -> SearchResult:
        document = Document(id="waste.md", kind=Kind.REGULATION, title="대형폐기물 배출 안내", text=TEXT)
        chunk = Chunk(document=document.id, number=0, heading="", text=TEXT, start=0)
        hit = Hit(document=document, chunk=chunk, score=2.0, bm25=5.0, dense=0.95, coverage=1.0, highlights=())
        return SearchResult(hits=(hit,), candidates=200, snapshot="s1", timings={})


class Remembered(LlamaServer):
    """A server that the test can find, to kill it and to end it."""

    made: "list[LlamaServer]" = []  # noqa: RUF012, one list for all of them

    def __init__(self, model: Path, log: Path) -> None:
        super().__init__(model, log, OPTIONS)
        self.made.append(self)


def model_for(logs: Path, **settings: object) -> LanguageModel:
    model = language_model(Settings.model_validate({**LIMITS, **settings}), GGUF.parent, logs)
    assert model is not None
    return model


def asked(model: LanguageModel, question: str = "여권이 무엇인가요?") -> Iterator[str]:
    """The answer to a short prompt: one thread reads a dozen tokens a second, and the assistant's has 180."""
    from langchain_core.prompts import ChatPromptTemplate

    return model.stream(
        ChatPromptTemplate([("system", "한국어로 답하세요."), ("human", "{question}")]), {"question": question}
    )


def assistant(analyzer: Analyzer, model: LanguageModel) -> Assistant:
    return Assistant(OneRule(), analyzer, Transfer(department="자원순환과", phone="061-749-0301"), model)


def finished(events: Iterator[SuggestionEvent]) -> FinalEvent:
    first, *_, final = events
    assert isinstance(first, EvidenceEvent)
    assert isinstance(final, FinalEvent)
    return final


def writing(name: str) -> int:
    """How many answers are being written by threads of that name."""
    return sum(thread.name == name for thread in threading.enumerate())


@pytest.fixture(scope="module")
def gguf() -> Path:
    return assemble(GGUF) if "ONNURI_TEST_GGUF" not in os.environ else GGUF


@pytest.fixture(scope="module")
def server(gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    with LlamaServer(gguf, tmp_path_factory.mktemp("llama") / "log", OPTIONS) as running:
        yield running


@pytest.fixture
def hosted(server: LlamaServer, tmp_path: Path) -> LanguageModel:
    """The GGUF as if another program served it."""
    return model_for(tmp_path, llm="openai", llm_base_url=server.base_url, llm_model=server.name)


# --- an OpenAI-compatible endpoint ---


def test_a_hosted_llm_streams_korean(hosted: LanguageModel) -> None:
    pieces = list(asked(hosted))
    assert len(pieces) > 3
    assert HANGUL.search("".join(pieces))


def test_the_assistant_shows_only_what_the_evidence_bears_out(hosted: LanguageModel, analyzer: Analyzer) -> None:
    final = finished(assistant(analyzer, hosted).suggest(QUESTION, on=ON))
    assert final.status in (Status.GENERATED, Status.EXTRACTIVE)
    assert "6,000원" in final.answer
    assert final.tokens is not None
    assert final.tokens.completion > 0  # it was asked, whatever of its words was let through
    assert final.timings["first_token"] > 0


def test_evidence_for_another_question_does_not_wait_for_an_answer(hosted: LanguageModel, analyzer: Analyzer) -> None:
    answer = asked(hosted, LONG)
    assert next(answer)  # being written from here on
    other = assistant(analyzer, hosted).suggest(QUESTION, on=ON)
    assert isinstance(next(other), EvidenceEvent)
    assert writing("llm-stream")  # it was not finished when the evidence came
    answer.close()  # type: ignore[attr-defined]
    *_, final = other
    assert isinstance(final, FinalEvent)


def test_two_answers_are_written_at_once(hosted: LanguageModel) -> None:
    first, second = asked(hosted, LONG), asked(hosted, LONG)
    assert all([next(first), next(second)])
    assert writing("llm-stream") == 2
    assert all([next(first), next(second)])
    first.close()  # type: ignore[attr-defined]
    assert next(second)
    second.close()  # type: ignore[attr-defined]


def test_leaving_an_answer_frees_the_server(hosted: LanguageModel) -> None:
    answer = asked(hosted, LONG)
    next(answer)
    answer.close()  # type: ignore[attr-defined]
    assert becomes(lambda: not writing("llm-stream"))


def uncached(model: LanguageModel, evidence: Evidence, question: str) -> int:
    """How many tokens of the prompt were not known yet: what its first word waits for."""
    exchange = Exchange()
    assert list(model.stream(prompt.template(), {"evidence": [evidence], "question": question}, exchange))
    assert exchange.tokens is not None
    return exchange.tokens.prompt - exchange.tokens.cached


def test_evidence_is_read_once(server: LlamaServer) -> None:
    """Ahead of the question, or for an earlier one though others came in between; the rules only at the start."""
    turns = Turns(1)
    prefill = Prefill(HOST, lambda: server.port, lambda: turns.is_idle)
    limits = Limits(240, 480)
    model = LanguageModel(
        server.name,
        lambda: endpoint(server.name, server.base_url, "", limits, 4),
        limits,
        turns=turns,
        prefill=prefill,
    )
    model.start()
    evidence = [
        Evidence(place, f"{place} 이용 안내: 이용료는 {fee},000원이고 매주 {day}요일은 쉽니다.")
        for place, fee, day in PLACES
    ]
    cold = [uncached(model, each, f"{each.titles} 이용료가 얼마예요?") for each in evidence]
    again = [uncached(model, each, "어느 요일에 쉬나요?") for each in evidence]
    assert max(again) < min(cold) / 2
    ahead = Evidence("박물관", evidence[0].text.replace("수영장", "박물관"))
    model.prepare(prompt.template(), {"evidence": [ahead], "question": "박물관 이용료가"})
    assert becomes(lambda: writing("llm-prefill"))
    assert uncached(model, ahead, "박물관 이용료가 얼마예요?") < min(cold) / 2


def test_llama_cpp_answers_to_any_name(server: LlamaServer, tmp_path: Path) -> None:
    """It serves one model and ignores the name; what other servers do is in test_llm_failures.py."""
    model = model_for(tmp_path, llm="openai", llm_base_url=server.base_url, llm_model="another-model")
    assert HANGUL.search("".join(asked(model)))


# --- a GGUF served by ourselves ---


def test_the_local_server_starts_when_asked_and_again_after_it_was_killed(
    gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two answers nobody notices; while it writes it is one failure."""
    monkeypatch.setattr("assistant.llm.llama_server.LlamaServer", Remembered)
    Remembered.made.clear()
    model = model_for(tmp_path, llm="gguf", llm_model=str(gguf))
    [server] = Remembered.made
    try:
        assert not server.alive
        assert HANGUL.search("".join(asked(model)))
        kill(server)
        answer = asked(model, LONG)
        assert next(answer)
        kill(server)
        with pytest.raises(LLMUnavailable, match=r"끊겼습니다$"):
            list(answer)
        assert HANGUL.search("".join(asked(model)))
    finally:
        server.close()


def kill(server: LlamaServer) -> None:
    assert server._process is not None
    os.kill(server._process.pid, signal.SIGKILL)
    server._process.wait(20)


def test_the_default_setting_is_the_bundled_file(tmp_path: Path) -> None:
    settings = Settings()
    model = language_model(settings, tmp_path, tmp_path)
    assert model is not None
    assert model.name == GGUF.stem or "ONNURI_TEST_GGUF" in os.environ


# --- a transformers folder ---

TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SENTENCES = ("여권은 민원과에서 신청합니다.", "수수료는 오만 원입니다.", TEXT, QUESTION)


def made_transformer(folder: Path, template: str | None = TEMPLATE, vocabulary: int | None = None) -> Path:
    """A tiny chat model of random weights; with fewer words than its tokenizer has it cannot answer."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    letters = pre_tokenizers.ByteLevel.alphabet()
    words.train_from_iterator(
        SENTENCES, trainers.BpeTrainer(vocab_size=600, initial_alphabet=letters, special_tokens=["<eos>"])
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, eos_token="<eos>", pad_token="<eos>")
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    torch.manual_seed(7)
    config = Qwen2Config(
        vocab_size=vocabulary or len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=65536,
        eos_token_id=0,
        pad_token_id=0,
        bos_token_id=None,
    )
    Qwen2ForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_transformer(tmp_path_factory.mktemp("transformer") / "tiny")


@pytest.fixture(scope="module")
def tiny(folder: Path) -> LanguageModel:
    return model_for(folder, llm="transformers", llm_model=str(folder))


def test_a_transformer_streams(tiny: LanguageModel) -> None:
    tiny.start()
    pieces = list(asked(tiny))
    assert len(pieces) > 1
    assert "<eos>" not in "".join(pieces)
    assert "".join(asked(tiny)) == "".join(pieces)


def test_the_tokens_of_a_transformer_are_counted(folder: Path, tiny: LanguageModel) -> None:
    from assistant.llm.transformers_chat import load

    exchange = Exchange()
    text = "".join(tiny.stream(prompt.template(), VALUES, exchange))
    chat = load(str(folder), 8)
    read = chat._tokens(prompt.template().invoke(VALUES).to_messages())["input_ids"].shape[-1]
    assert exchange.tokens is not None
    assert (exchange.tokens.prompt, exchange.tokens.cached) == (read, 0)
    assert len(chat.tokenizer(text)["input_ids"]) / 3 <= exchange.tokens.completion <= MAX_TOKENS


def test_a_transformer_reads_its_own_chat_format(folder: Path) -> None:
    from assistant.llm.transformers_chat import load

    chat = load(str(folder), 8)
    tokens = chat._tokens(prompt.template().invoke(VALUES).to_messages())
    text = chat.tokenizer.decode(tokens["input_ids"][0])
    assert text.startswith(f"<|system|>{prompt.RULES}\n<|user|>[근거]\n[1] 대형폐기물 배출 안내: {TEXT}")
    assert text.endswith(f"{QUESTION}\n<|assistant|>")


def test_a_transformer_writes_no_more_than_it_may(folder: Path) -> None:
    from assistant.llm.transformers_chat import load

    chat = load(str(folder), 8)
    answer = chat.invoke(prompt.template().invoke(VALUES).to_messages())
    assert isinstance(answer.content, str)
    assert 0 < len(chat.tokenizer(answer.content)["input_ids"]) <= 24  # 8 tokens of broken bytes are up to 3 each


def test_what_a_transformer_makes_up_is_withheld(tiny: LanguageModel, analyzer: Analyzer) -> None:
    final = finished(assistant(analyzer, tiny).suggest(QUESTION, on=ON))
    assert final.status is Status.EXTRACTIVE
    assert "6,000원" in final.answer
    assert final.reason.startswith("LLM이 쓴 답은 근거와 맞지 않아 뺐습니다.")


def endless(folder: Path) -> Callable[[], object]:
    """The tiny model, which is never told to end."""
    from assistant.llm.transformers_chat import load

    chat = load(str(folder), 50_000)
    chat.model.generation_config.eos_token_id = None
    return lambda: chat


def test_limits_hold_for_a_transformer(folder: Path) -> None:
    model = LanguageModel("tiny", endless(folder), Limits(first=60, total=1.5))  # type: ignore[arg-type]
    pieces = []
    with pytest.raises(LLMUnavailable, match="제시간에"):
        for piece in asked(model):
            pieces.append(piece)
    assert becomes(lambda: not writing("llm-transformers") and not writing("llm-stream"))


def test_a_transformer_stops_when_nobody_reads(folder: Path) -> None:
    model = LanguageModel("tiny", endless(folder), Limits(first=120, total=300))  # type: ignore[arg-type]
    answer = asked(model)
    assert next(answer)
    assert writing("llm-transformers")
    answer.close()  # type: ignore[attr-defined]
    assert becomes(lambda: not writing("llm-transformers") and not writing("llm-stream"))


def test_two_threads_may_ask_a_transformer(tiny: LanguageModel) -> None:
    expected = "".join(asked(tiny))
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append("".join(asked(tiny)))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 3


def test_a_transformer_that_fails_while_writing_is_one_sentence(tmp_path: Path) -> None:
    broken = made_transformer(tmp_path / "broken", vocabulary=40)
    model = model_for(tmp_path, llm="transformers", llm_model=str(broken))
    with pytest.raises(LLMUnavailable, match=r"읽을 수 없습니다$"):
        list(asked(model))
    assert becomes(lambda: not writing("llm-transformers"))


@pytest.mark.parametrize("name", ["/nowhere/model", "./nowhere", "한글 이름", "a/b/c/d"])
def test_a_missing_transformer_is_one_sentence(name: str, tmp_path: Path) -> None:
    model = model_for(tmp_path, llm="transformers", llm_model=name)
    for attempt in (model.start, lambda: list(asked(model))):
        with pytest.raises(LLMUnavailable, match=r"불러올 수 없습니다.*확인하세요$") as raised:
            attempt()
        assert name in str(raised.value)


def test_a_hub_model_that_is_not_here_is_one_sentence_without_a_network(tmp_path: Path) -> None:
    model = model_for(tmp_path, llm="transformers", llm_model="nobody/no-such-model")
    with pytest.raises(LLMUnavailable, match=r"nobody/no-such-model.*불러올 수 없습니다.*네트워크를 확인하세요$"):
        list(asked(model))


def test_a_folder_without_weights_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    for file in folder.glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(LLMUnavailable, match="불러올 수 없습니다"):
        model_for(tmp_path, llm="transformers", llm_model=str(tmp_path)).start()


def test_pickled_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    for file in folder.glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save(load_file(folder / "model.safetensors"), tmp_path / "pytorch_model.bin")
    with pytest.raises(LLMUnavailable, match="불러올 수 없습니다"):
        model_for(tmp_path, llm="transformers", llm_model=str(tmp_path)).start()


def test_a_model_that_cannot_chat_is_one_sentence(tmp_path: Path) -> None:
    mute = made_transformer(tmp_path / "mute", template=None)
    with pytest.raises(LLMUnavailable, match="chat template"):
        model_for(tmp_path, llm="transformers", llm_model=str(mute)).start()
