"""What to do with a question and what was found for it: answer from evidence, show an FAQ, or put it through."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from assistant.answering.cases import cases, general_first, unsettled
from assistant.answering.confidence import Candidate, faq_match, likely_department, usable, weighed
from assistant.answering.conflict import disagreement
from assistant.answering.draft import CitedSentence, Draft, joined
from assistant.answering.freshness import aged, awaited, changes, closed
from assistant.answering.precedence import Precedence
from assistant.events import Card, Caution, CautionKind, Status, Transfer
from assistant.extraction.extract import Asked, asked_in
from assistant.routing.classifier import Route, likely_route
from assistant.routing.own_case import asks_for_own_case
from indexing.contradictions.claims import Statement, statement
from indexing.lexical.hangul import RIEUL, final
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit, SearchResult
from knowledge_base.document import Kind

SURE_DESPITE = 0.5  # evidence this sure is answered from although the question looks like other people's business
SURE_OF_ALL = 0.2  # the same of evidence that has all that the question names
_NO_EVIDENCE = "질문에 답하는 근거를 찾지 못했습니다."
_WHY = {
    Route.OWN_CASE: "개인의 처리 상황이나 내역은 담당 부서에서 본인 확인 후 안내해야 합니다.",
    Route.LEGAL: "법률 판단은 콜센터에서 답해 드릴 수 없어 담당 부서나 법률상담으로 안내해야 합니다.",
    Route.OUTSIDE: "시에서 맡는 일이 아닌 것으로 보입니다. 맡은 기관을 확인하도록 안내해 주세요.",
}
_OPENING = {
    Route.OWN_CASE: "본인 확인이 필요한 내용이라",
    Route.LEGAL: "법률 판단은 제가 안내해 드리기 어려워",
    Route.OUTSIDE: "시에서 맡는 일인지 확인이 필요해",
}


class Decider:
    """Holds nothing of a call; ``fallback`` is who takes the calls for which no department is known."""

    def __init__(self, analyzer: Analyzer, fallback: Transfer) -> None:
        self._analyzer = analyzer
        self._fallback = fallback
        self._stated = lru_cache(maxsize=2048)(lambda document, chunk: statement(document, chunk, analyzer))

    def decide(
        self, question: str, precedence: Precedence, result: SearchResult, card_of: Mapping[str, Card]
    ) -> Draft | list[Card]:
        """The cards to write an answer from, best first, or the draft where there is nothing to write."""
        asked = asked_in(question, self._analyzer)
        sort = asked.sort
        candidates = weighed(precedence.standing(asked))
        if asks_for_own_case(question):
            return self._routed(Route.OWN_CASE, candidates)
        faq = faq_match(candidates, question, asked, self._analyzer)
        enough = usable(candidates, asked)
        sound = general_first([faq] if faq else enough, self._cases(question, asked, enough))
        likely = None if faq else likely_route(question, result.meaning)
        is_told = sound and _is_ours(candidates) and (likely is Route.OUTSIDE or sort is not None)
        if likely and not is_told:
            return self._routed(likely, candidates)
        if not sound:
            return self._abstained("정확한 확인이 필요해", _NO_EVIDENCE, candidates)
        rivals = [*sound, *(hit for hit in enough if hit not in sound)]
        if disagrees := disagreement(rivals, sort, self._states, result.weigh):
            reason = "근거 문서들의 내용이 서로 달라 하나를 골라 답하지 않았습니다."
            return self._abstained("문서마다 내용이 달라 확인이 필요해", reason, candidates, disagrees)
        return _faq(sound[0], card_of[sound[0].chunk.id]) if faq else [card_of[hit.chunk.id] for hit in sound]

    def changes(self, draft: Draft, question: str, precedence: Precedence, result: SearchResult, day: date) -> Draft:
        """The draft with what the agent should know of what it cites: what changed or soon will, other cases of it."""
        chunks = {citation.chunk for citation in draft.citations}
        cited = [hit for hit in precedence.hits if hit.chunk.id in chunks]
        asked = asked_in(question, self._analyzer)
        sort = asked.sort
        if draft.reason == _NO_EVIDENCE:
            return draft._replace(cautions=(*draft.cautions, *awaited(precedence.hits, result.upcoming, sort)))
        if not cited:
            return draft
        found = changes(cited, result.upcoming, day, sort, self._states, result.weigh)
        past = (*precedence.corrected(cited), *closed(cited, question, day), *aged(cited, sort, day))
        return draft._replace(
            cautions=(*draft.cautions, *past, *found, *self._unsettled(question, asked, cited, precedence))
        )

    def _unsettled(
        self, question: str, asked: Asked, cited: Sequence[Hit], precedence: Precedence
    ) -> Iterator[Caution]:
        """That another case may be meant than the FAQ cited is for."""
        if any(hit.document.kind is Kind.FAQ for hit in cited):
            meant = self._cases(question, asked, usable(weighed(precedence.standing(asked)), asked))
            if any(hit in meant for hit in cited):
                yield unsettled(meant)

    def _cases(self, question: str, asked: Asked, hits: Sequence[Hit]) -> list[Hit]:
        return cases(hits, question, asked, self._analyzer)

    def _states(self, hit: Hit) -> Statement:
        return self._stated(hit.document, hit.chunk)

    def _routed(self, route: Route, candidates: Sequence[Candidate]) -> Draft:
        caution = Caution(kind=CautionKind.ROUTED, text=_WHY[route])
        known = [] if route is Route.OUTSIDE else candidates
        return self._abstained(_OPENING[route], _WHY[route], known, caution)

    def _abstained(self, opening: str, reason: str, candidates: Sequence[Candidate], *cautions: Caution) -> Draft:
        found = likely_department(candidates)
        phone = found.phone if found and found.phone else self._fallback.phone
        transfer = Transfer(department=found.department, phone=phone) if found else self._fallback
        department = _with_particle(transfer.department)
        answer = f"{opening} {department} 연결해 드리겠습니다. 전화번호는 {transfer.phone}입니다."
        return Draft(Status.ABSTAINED, answer, reason, transfer=transfer, cautions=cautions)


def _is_ours(candidates: Sequence[Candidate]) -> bool:
    return any(
        sure >= SURE_DESPITE or (sure >= SURE_OF_ALL and hit.coverage == 1 and not hit.left_out)
        for hit, sure in candidates
    )


def _with_particle(word: str) -> str:
    """``word`` with 로 or 으로, by its last syllable; parentheses at the end do not count.

    >>> _with_particle("민원과"), _with_particle("농기계팀"), _with_particle("자치행정실(예시)")
    ('민원과로', '농기계팀으로', '자치행정실(예시)로')
    """
    last = word.split("(")[0].strip()[-1:] or word[-1:]
    return f"{word}{'로' if final(last) in (0, RIEUL) else '으로'}"


def _faq(hit: Hit, card: Card) -> Draft:
    answer, citations = joined([CitedSentence(" ".join(hit.document.text.split()), card, (0, len(card.text)))])
    return Draft(Status.FAQ, answer, "등록된 FAQ 답변 그대로입니다.", citations)
