"""A number that is being said, in partials and over stops: what is shown and kept never has much of it."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import Console
from assistant.calls.call import Call
from assistant.calls.live_call import LiveCall
from assistant.calls.masked_speech import MaskedSpeech
from assistant.calls.question_finder import QuestionFinder
from assistant.calls.records import CallInfo, CallRecords, now
from assistant.calls.utterance import Speaker, Utterance
from assistant.settings import LLMChoice

MOST = 5
"""Digits of a number that may be seen: fewer than this would hide amounts and years."""
SAMPLES = (
    ("제 번호는 {}입니다 여권 재발급이 얼마예요", "공일공 일이삼사 오육칠팔"),
    ("제 번호는 {}이에요 확인해 주시겠어요", "010-1234-5678"),
    ("연락처가 {}이요 그리고 등본은 어디서 떼나요", "010 1234 5678"),
    ("네 {}이고요 문자로 보내 주세요", "공일공에 일이삼사에 오육칠팔"),
    ("{} 이거든요 이쪽으로 연락 주세요", "01012345678"),
    ("번호 불러 드릴게요 {}요 네 맞아요", "공일공 구팔칠육 오사삼이"),
    ("집 전화는 {}번이에요 낮에 하세요", "공육일 칠이이 공일이삼"),
    ("집은 {}이에요 저녁에만 받아요", "02-345-6789"),
    ("주민번호가 {}인데요 조회되나요", "900101-1234567"),
    ("주민번호 {}이에요 맞는지 봐 주세요", "구공공일공일 다시 일이삼사오육칠"),
    ("주민번호 앞자리는 {}이고 남자예요 확인되나요", "구공공일공일"),
    ("제가 {}에요 이걸로 조회해 주세요", "구공공일공일에 일이삼사오육칠"),
    ("주민등록번호 {} 맞죠 그걸로 해 주세요", "900101 1234567"),
    ("카드 번호는 {}이고요 유효기간도 부를까요", "4012 8888 8888 1881"),
    ("카드는 {}이에요 결제해 주세요", "사공일이 팔팔팔팔 팔팔팔팔 일팔팔일"),
    ("계좌는 농협 {}입니다 환불해 주세요", "302-1234-5678-91"),
    ("국민은행 {}으로 넣어 주세요 부탁드려요", "123456-12-123456"),
    ("농협 {}번으로 입금해 주세요 네", "삼공이 일이삼사 오육칠팔 구일"),
    ("여권번호는 M{}이에요 재발급이 되나요", "12345678"),
    ("면허번호가 {}이고 갱신하려고요 되나요", "11-12-345678-90"),
    ("제 생년월일이 {}이고 여자예요 등본 떼려고요", "구공공일공일"),
    ("핸드폰은 {}이요 문자 주세요", "공하나공 일이삼사 오육칠팔"),
    ("제 번호 {} 여기로 전화 주세요 꼭요", "０１０－１２３４－５６７８"),
    ("번호가 {}예요 어 아니에요 맞아요", "공일공 어 일이삼사 음 오육칠팔"),
    ("남편 번호는 {}이고 제 건 따로 있어요", "공일일 이삼사 오육칠팔"),
    ("그 {} 이 번호로 신청했어요 조회해 주세요", "010.1234.5678"),
    ("제 거는 {}이에요 이사 왔거든요", "공 일 공 일 이 삼 사 오 육 칠 팔"),
    ("사업자 번호는 {}입니다 폐업 신고하려고요", "123-45-67890"),
    ("안심번호 {}로 전화 주시면 돼요 네네", "0504-1234-5678"),
    ("인터넷 전화 {}이에요 걸어 주세요", "070 1234 5678"),
    ("제 번호는 {}이요 문자 주세요", "공일공에 다섯여섯일곱여덟에 하나둘셋넷"),
    ("번호는 {}이고요 문자 주세요", "공 하나 공 다섯 여섯 일곱 여덟 하나 둘 셋 넷"),
    ("제 번호 {}이에요 여기로 주세요", "공일공 다시 삼사오육 다시 칠팔구공"),
)
_VALUES = {
    **dict(zip("공영일이삼사오육칠팔구０１２３４５６７８９", "00123456789" + "0123456789", strict=True)),
    **dict(zip(["하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"], "123456789", strict=True)),
}
_DIGIT = re.compile(f"[0-9]|{'|'.join(sorted(_VALUES, key=len, reverse=True))}")
_BETWEEN = re.compile(r"(?:[\s,.\-－]|에|다시|어|음)*")


def read_out(text: str) -> list[str]:
    """The digits of ``text``, written or said, in chains with nothing but pauses between them."""
    chains, last = [""], -1
    for digit in _DIGIT.finditer(text):
        if last >= 0 and not _BETWEEN.fullmatch(text, last, digit.start()):
            chains.append("")
        chains[-1] += _VALUES.get(digit[0], digit[0])
        last = digit.end()
    return chains


def betrays(shown: str, said: str) -> bool:
    """Whether ``shown`` has more than MOST digits on end of the number ``said``."""
    number = "".join(read_out(said))
    parts = [number[at : at + MOST + 1] for at in range(len(number) - MOST)]
    return any(part in chain for part in parts for chain in read_out(shown))


def caller(line: int, text: str, *, final: bool) -> Utterance:
    return Utterance(line=line, speaker=Speaker.CALLER, text=text, final=final, at=float(line))


def growing(*texts: str) -> list[Utterance]:
    """Each text in partials that grow by a character, then as a whole."""
    heard = [(text[:end], end == len(text)) for text in texts for end in range(1, len(text) + 1)]
    return [caller(line, text, final=final) for line, (text, final) in enumerate(heard)]


def shown(lines: Sequence[Utterance]) -> list[str]:
    speech = MaskedSpeech()
    return [speech.masked(line).text for line in lines]


def stops(form: str, said: str) -> Iterator[int]:
    """Where a caller may stop: between words, and anywhere in the number."""
    before = form.index("{")
    text = form.format(said)
    yield from (at for at in range(1, len(text)) if text[at - 1] == " " or before <= at <= before + len(said))


def test_a_number_is_betrayed_by_six_of_its_digits() -> None:
    assert betrays("제 번호는 공일공 일이삼", "010-1234-5678")
    assert betrays("4에 5678, 그리고", "공일공 일이삼사 오육칠팔") is False
    assert not betrays("공일공 일이", "010-1234-5678")


@pytest.mark.parametrize(("form", "said"), SAMPLES)
def test_no_partial_shows_the_beginning_of_a_number(form: str, said: str) -> None:
    text = form.format(said)
    assert betrays(text, said)
    assert not [each for each in shown(growing(text)) if betrays(each, said)]


@pytest.mark.parametrize(("form", "said"), SAMPLES)
def test_no_stop_within_a_number_shows_half_of_it(form: str, said: str) -> None:
    """Whoever stops in the middle has the first half taken down as a whole utterance, then the second grows."""
    text = form.format(said)
    for stop in stops(form, said):
        lines = [caller(0, text[:stop], final=True), *growing(text[stop:])]
        told = shown(lines)
        assert not [each for each in told if betrays(each, said)], text[:stop]
        whole = " ".join(each for each, line in zip(told, lines, strict=True) if line.final)
        assert not betrays(whole, said), text[:stop]


@pytest.mark.parametrize(
    "lines",
    [
        ("그 전화번호가 061-749-3114", "번이에요"),
        ("문의는 061 749 3114, 3115", "로 하세요"),
        ("수수료가 1통에 123,400", "원이에요"),
        ("신청 기간이 2026년 10월 1일부터 2026.12.31.", "까지예요"),
        ("1인 가구는 256", "4238원 이하"),
        ("조례 제1234-56", "호예요"),
    ],
)
def test_what_is_nobodys_stays_at_a_stop_too(lines: tuple[str, str]) -> None:
    assert shown([caller(n, text, final=True) for n, text in enumerate(lines)]) == list(lines)


pieces = st.lists(
    st.sampled_from(
        [
            *("공일공", "010", "-", " ", "일이삼사 ", "5678", "이요 ", "에 ", "900101", "농협 ", "카드 ", "번호가 "),
            *("저는 김철수", "인데요 ", "여권을 ", "잃어버렸어요 ", "그리고 ", "061-749-3114 ", "순천시 "),
            *("[전화번호]", "[", "]"),
        ]
    ),
    max_size=10,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(pieces, pieces, pieces)
def test_what_a_partial_showed_stays_also_after_a_stop(before: str, heard: str, more: str) -> None:
    _, partial, final = shown(
        [caller(0, before, final=True), caller(1, heard, final=False), caller(2, heard + more, final=True)]
    )
    assert final.startswith(partial)


@pytest.mark.parametrize(
    ("asked", "said", "shown"),
    [
        ("성함이 어떻게 되시죠", "나순봉이요", "[이름]이요"),
        ("예금주가 어떻게 되세요", "나순봉이에요", "[이름]이에요"),
        ("생년월일 말씀해 주세요", "육칠년 유월 이십일이요", "[생년월일]이요"),
        ("주민번호 앞자리가 어떻게 되세요", "670620이요", "[주민등록번호]이요"),
        ("보호자 성함은요", "남궁 선이요", "[이름]이요"),
        ("이메일 주소가 어떻게 되세요", "더블유 와이 케이 구오", "[이메일]"),
        ("카드번호 불러 주세요", "사오육칠", "[카드번호]"),
        ("농협 대표 번호는요", "일오팔팔", "일오팔팔"),
        ("다산콜센터 전화번호요", "일이공", "일이공"),
        ("국번 없이 일오칠칠 일공공공이요", "일오칠칠 일공공공 네 고마워요", "일오칠칠 일공공공 네 고마워요"),
    ],
)
def test_what_the_agent_asks_for_is_hidden_in_the_answer(asked: str, said: str, shown: str) -> None:
    speech = MaskedSpeech()
    question = speech.masked(Utterance(line=0, speaker=Speaker.AGENT, text=asked, at=0))
    partials = [
        speech.masked(Utterance(line=1, speaker=Speaker.CALLER, text=said[:heard], at=1, final=False)).text
        for heard in range(1, len(said))
    ]
    answer = speech.masked(Utterance(line=1, speaker=Speaker.CALLER, text=said, at=1))
    assert (question.text, answer.text) == (asked, shown)
    assert all(shown.startswith(partial) for partial in partials)


def test_an_answer_goes_on_after_a_stop() -> None:
    speech = MaskedSpeech()
    lines = [(Speaker.AGENT, "생년월일이요"), (Speaker.CALLER, "팔사년"), (Speaker.CALLER, "이월 십구일이요")]
    shown = [
        speech.masked(Utterance(line=line, speaker=speaker, text=text, at=line)).text
        for line, (speaker, text) in enumerate(lines)
    ]
    assert shown[-1] == "[생년월일]이요"


def test_nothing_of_a_number_is_in_the_events_or_on_the_disk(sample: Console, tmp_path: Path) -> None:
    records = CallRecords(tmp_path / "journal.db")
    info = records.add_call(CallInfo("c1", "", "kim", "cti", now()))
    finder = QuestionFinder(sample.searcher(), sample.analyzer())
    live = LiveCall(info, Call("c1", finder, sample.assistant(LLMChoice.NONE)), records)
    said = "공일공 일이삼사 오육칠팔"
    for line in growing("여권을 잃어버렸는데요 제 번호는 공일공 일이삼사", "오육칠팔이고요 재발급 수수료가 얼마예요?"):
        live.take([line])
        while work := live.next_work():
            assert work.utterance
            live.publish(list(live.call.hear(work.utterance)))
        for slot in list(live.call.answering):
            live.publish(list(live.call.answering.pop(slot).events))
    events = [event.model_dump_json() for event in live.events(-1)]
    assert any("재발급" in each and '"evidence"' in each for each in events)
    assert not [each for each in events if betrays(each, said) or "오육칠팔" in each]
    records.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode(errors="replace")
    assert "[전화번호]" in kept
    assert "오육칠팔" not in kept and "일이삼사" not in kept
