"""A deterministic assistant for the panel's tests: it answers from a script, and only when told to.

Questions are matched by a word of ``SCRIPTS``. While the word is in ``held`` the answer waits after its
evidence, while ``word/n`` is, after its n-th sentence: a test can look at the panel in between.
"""

import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from assistant.calls.memory import Memory, Step, Understood
from assistant.calls.needs import Need
from assistant.calls.readings import Origin, Reading, Weighed
from assistant.calls.utterance import Speaker, Utterance
from assistant.events import (
    Card,
    Check,
    Citation,
    EvidenceEvent,
    FinalEvent,
    Heard,
    Span,
    Status,
    SuggestionEvent,
    TokenEvent,
    Transfer,
)
from assistant.journal import Journal
from indexing.retrieval.hit import SearchResult
from knowledge_base.document import Kind
from knowledge_base.errors import InvalidQuestion

FEE = (
    "주민등록등본 발급 수수료는 읍·면·동 행정복지센터 창구에서 1통에 400원, 무인민원발급기에서 200원이고, "
    "정부24에서 발급하시면 무료입니다. 창구로 오실 때는 신분증을 가져오시면 됩니다. "
    "주소지와 관계없이 전국 어느 행정복지센터에서나 받으실 수 있습니다."
)
WASTE = (
    "① 대형폐기물을 배출하려는 사람은 배출일 하루 전까지 배출신고를 하고 별표 1의 수수료를 낸다.\n"
    "② 배출신고의 구체적인 방법은 시장이 공고로 정한다.\n"
    "③ 신고한 대형폐기물은 신고한 날짜와 장소에 내놓고, 신고번호나 필증을 잘 보이는 곳에 붙인다.\n"
    "④ 배출일 전날까지 신고를 취소하면 수수료 전액을 돌려준다. 수거가 끝난 뒤에는 수수료를 돌려주지 "
    "않는다.\n⑤ 시장은 재난으로 집이 부서지거나 물에 잠긴 세대에 수수료의 100분의 50을 감면할 수 있다."
)
HOSTILE = (
    '<img src="https://evil.example/x.png" onerror="window.hacked=1"> <script>window.hacked=1</script> '
    "[여기](https://evil.example) ![그림](https://evil.example/y.png) https://evil.example/z "
    "${window.hacked=1} {{value}} `끝` & \"따옴표\" '작은따옴표'"
)


def span_of(text: str, part: str) -> Span:
    """Where ``part`` lies in ``text``; ValueError when it does not."""
    start = text.index(part)
    return start, start + len(part)


def card(number: int, title: str, text: str, *parts: str, kind: Kind = Kind.FAQ, **fields: object) -> Card:
    """A card with the given parts of its text highlighted."""
    known: dict[str, object] = {
        "document": f"faq/{number}.csv#{number}",
        "chunk": f"faq/{number}.csv#{number}@0",
        "heading": "",
        "category": "민원",
        "department": "민원과",
        "phone": "061-749-0101",
        "source": "주민등록법 시행규칙(수수료)",
        "note": "",
        "effective_from": None,
        "effective_to": None,
        "as_of": date(2025, 6, 30),
        "score": 1.0 / number,
    }
    spans = tuple(span_of(text, part) for part in parts)
    return Card.model_validate(
        {**known, "number": number, "title": title, "kind": kind, "text": text, "highlights": spans, **fields}
    )


FEE_CARD = card(1, "주민등록등본 발급 수수료는 얼마인가요?", FEE, "주민등록등본 발급 수수료", "400원")
SEAL_CARD = card(
    2,
    "인감증명서 발급 수수료는 얼마이고 어디서 떼나요?",
    "인감증명서 발급 수수료는 창구에서 1통에 600원입니다. 개인 인감증명서는 무인민원발급기에서는 발급되지 않습니다.",
    "발급 수수료",
    source="인감증명법 시행령",
)
WASTE_CARD = card(
    1,
    "순천시 폐기물 관리 조례",
    WASTE,
    "수수료 전액을 돌려준다",
    kind=Kind.REGULATION,
    heading="제2장 배출과 수거 > 제6조(대형폐기물의 배출신고)",
    department="자원순환과",
    phone="061-749-0301",
    source="순천시 자치법규",
    effective_from=date(2027, 1, 1),
    as_of=date(2026, 11, 1),
)
NOTICE_CARD = card(
    3,
    "2026년 하반기 대형폐기물 수거 일정 변경 안내",
    "2026년 10월 1일부터 대형폐기물은 화요일과 금요일에 수거합니다.",
    "대형폐기물",
    kind=Kind.NOTICE,
    department="자원순환과",
    phone="061-749-0301",
    source="시 누리집 공지",
    note="추석 연휴 제외",
    effective_from=date(2026, 10, 1),
    effective_to=date(2026, 12, 31),
)
HOSTILE_CARD = card(1, HOSTILE, HOSTILE, "[여기]", heading=HOSTILE, source=HOSTILE, note=HOSTILE)


def cite(cards: tuple[Card, ...], answer: str, sentence: str, number: int, part: str) -> Citation:
    """``sentence`` of the answer rests on ``part`` of card ``number``."""
    source = cards[number - 1]
    return Citation(
        number=number,
        document=source.document,
        chunk=source.chunk,
        answer_span=span_of(answer, sentence),
        chunk_span=span_of(source.text, part),
    )


@dataclass(frozen=True)
class Script:
    """One question's way: its cards, its checked sentences and how it ends."""

    cards: tuple[Card, ...]
    status: Status
    sentences: tuple[tuple[str, int, str], ...] = ()
    reason: str = ""
    withheld: tuple[Check, ...] = ()
    transfer: Transfer | None = None

    @property
    def answer(self) -> str:
        """The sentences, as one text."""
        return " ".join(sentence for sentence, _, _ in self.sentences)

    def final(self, question: str, call: str, seq: int) -> FinalEvent:
        """The last event."""
        checks = tuple(Check(sentence=text, supported=True, reasons=()) for text, _, _ in self.sentences)
        return FinalEvent(
            call=call,
            seq=seq,
            at=3.2,
            suggestion=uuid.uuid4().hex,
            question=question,
            status=self.status,
            answer=self.answer,
            reason=self.reason,
            citations=tuple(cite(self.cards, self.answer, *sentence) for sentence in self.sentences),
            checks=checks + self.withheld,
            transfer=self.transfer,
            timings={"search": 31.0, "llm": 3100.0, "total": 3200.0},
            snapshot="20261127-0001",
            model="scripted",
        )


SCRIPTS = {
    "등본": Script(
        cards=(FEE_CARD, SEAL_CARD),
        status=Status.FAQ,
        sentences=(
            (
                "주민등록등본은 창구에서 1통에 400원, 무인민원발급기에서 200원입니다.",
                1,
                "창구에서 1통에 400원",
            ),
            ("정부24에서 발급하시면 무료입니다.", 1, "정부24에서 발급하시면 무료입니다."),
        ),
        reason="자주 묻는 질문과 일치합니다.",
    ),
    "폐기물": Script(
        cards=(WASTE_CARD, FEE_CARD.model_copy(update={"number": 2}), NOTICE_CARD),
        status=Status.GENERATED,
        sentences=(
            ("대형폐기물은 배출일 하루 전까지 신고하고 수수료를 내시면 됩니다.", 1, "배출일 하루 전까지"),
            ("배출일 전날까지 신고를 취소하시면 수수료 전액을 돌려드립니다.", 1, "수수료 전액을 돌려준다."),
            ("10월부터는 화요일과 금요일에 수거합니다.", 3, "화요일과 금요일에 수거합니다."),
        ),
        reason="3문장 모두 근거에서 확인했습니다.",
        withheld=(
            Check(
                sentence="수수료는 소파 1개에 3,000원입니다.",
                supported=False,
                reasons=("근거에 ‘3,000원’이 없습니다.",),
            ),
        ),
    ),
    "반려견": Script(
        cards=(SEAL_CARD.model_copy(update={"number": 1}), NOTICE_CARD.model_copy(update={"number": 2})),
        status=Status.ABSTAINED,
        reason="질문의 ‘반려견 등록’을 다룬 문서를 찾지 못했습니다.",
        transfer=Transfer(department="민원과", phone="061-749-3114"),
    ),
    "수상한": Script(
        cards=(HOSTILE_CARD,),
        status=Status.EXTRACTIVE,
        sentences=((HOSTILE, 1, "[여기]"),),
        reason=HOSTILE,
    ),
}


@dataclass
class ScriptedAssistant:
    """Implements ``assistant.calls.call.Suggests``; what it answers is kept in ``journal``."""

    journal: Journal | None = None
    delay: float = 0.02
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    released: threading.Condition = field(default_factory=threading.Condition)

    def suggest(
        self,
        question: str,
        *,
        call: str = "",
        on: date | None = None,
        agent: str = "",
        found: SearchResult | None = None,
    ) -> Iterator[SuggestionEvent]:
        """Evidence, then sentence by sentence, then the final event."""
        self.asked.append((call, question))
        self.agents.append(agent)
        if "고장" in question:
            raise RuntimeError("planted failure")
        word = next((word for word in SCRIPTS if word in question), None)
        if word is None:
            raise InvalidQuestion("질문에서 찾을 낱말이 없습니다. 낱말을 넣어 다시 질문해 주세요.")
        script = SCRIPTS[word]
        documents = tuple(card.document for card in script.cards)
        yield EvidenceEvent(call=call, seq=0, at=0.03, question=question, documents=documents, cards=script.cards)
        self._wait(word)
        for seq, (sentence, number, _) in enumerate(script.sentences, start=1):
            yield TokenEvent(call=call, seq=seq, at=1.0 + seq, text=sentence + " ", citation=number)
            self._wait(f"{word}/{seq}")
        final = script.final(question, call, len(script.sentences) + 1)
        if self.journal:
            self.journal.add_suggestion(final, documents, agent)
        yield final

    def release(self, *words: str) -> None:
        """Let the answers to these words go on."""
        with self.released:
            self.held.difference_update(words)
            self.released.notify_all()

    def _wait(self, word: str) -> None:
        time.sleep(self.delay)
        with self.released:
            self.released.wait_for(lambda: word not in self.held, timeout=30)


class ScriptedFinder:
    """Stands for a ``QuestionFinder``: every word of ``SCRIPTS`` in a caller's line asks, from that word to the next.

    The word of the question before is asked for again in the same slot; "혹시" adds an alternative.
    """

    def hear(self, memory: Memory, utterance: Utterance) -> Step:
        """The questions of a line."""
        if utterance.speaker is Speaker.AGENT:
            return Step(memory)
        starts = sorted(utterance.text.index(word) for word in SCRIPTS if word in utterance.text)
        questions = []
        for start, end in pairwise([*starts, len(utterance.text)]):
            questions.append(self._understood(memory, utterance, start, end))
            memory = replace(memory, last=questions[-1], slots=max(memory.slots, questions[-1].slot + 1))
        return Step(memory, tuple(questions))

    def _understood(self, memory: Memory, utterance: Utterance, start: int, end: int) -> Understood:
        text = utterance.text[start:end].rstrip()
        again = memory.last is not None and any(word in text and word in memory.last.question for word in SCRIPTS)
        return Understood(
            slot=memory.last.slot if again and memory.last else memory.slots,
            line=utterance.line,
            question=text,
            need=Need.ASKS,
            heard=(Heard(line=utterance.line, start=start, end=start + len(text), text=text),),
            found=NOTHING,
            alternatives=(ALTERNATIVE,) if "혹시" in utterance.text else (),
        )

    def glimpse(self, memory: Memory, partial: Utterance) -> tuple[Understood, ...]:
        """Nothing is understood before it is said in full."""
        return ()


NOTHING = SearchResult(hits=(), candidates=0, snapshot="", timings={})
ALTERNATIVE = Weighed(Reading("반려견 등록은 어디서 하나요?", Origin.CLAUSE), NOTHING, (), 0.5)
