"""A finished suggestion, for tests of what becomes of it."""

from assistant.events import FinalEvent, Status


def final(status: Status = Status.FAQ, suggestion: str = "s", question: str = "질문") -> FinalEvent:
    return FinalEvent(
        call="",
        seq=1,
        at=0.1,
        suggestion=suggestion,
        question=question,
        status=status,
        answer="답",
        reason="",
        citations=(),
        checks=(),
        transfer=None,
        timings={"search": 12.0, "total": 30.0},
        snapshot="x",
        model="",
    )
