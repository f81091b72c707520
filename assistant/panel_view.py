"""The panel's parts as HTML: shell, answer box, earlier questions. Pure functions, everything escaped."""

from html import escape

from assistant.panel_answer import announcement, badge, body, verdict
from assistant.panel_feedback import footer
from assistant.panel_session import Session, Shown

EXAMPLES = (
    "주민등록등본 발급 수수료는 얼마인가요?",
    "대형폐기물은 어떻게 버리나요?",
    "기초연금은 몇 살부터 받을 수 있나요?",
)
SHORTCUTS = {
    "Enter": "질문",
    "/": "질문칸",
    "Alt+1": "근거 카드",
    "Alt+C": "답변 복사",
    "Esc": "지우기",
}


def shell_html() -> str:
    """What never changes: title, question box, and the region that speaks to screen readers."""
    return (
        '<header class="top"><h1>온누리 상담 어시스트</h1><a href="/account">내 계정</a>'
        '<button type="button" class="quiet" data-do="clear">새 상담</button></header>'
        '<form class="ask"><label class="sr-only" for="question">시민의 질문</label>'
        '<textarea id="question" rows="2" maxlength="1000" autocomplete="off" spellcheck="false" '
        'placeholder="시민의 질문을 적어 주세요" aria-keyshortcuts="/"></textarea>'
        '<button type="submit" class="primary">질문</button></form>'
        '<p id="silence" class="problem" hidden>서버의 응답이 없습니다. 잠시 뒤 다시 질문하세요. '
        "계속되면 새로 고침(F5)하세요.</p>"
        '<div id="announcer" class="sr-only" role="status" aria-live="polite"></div>'
    )


def answer_html(session: Session) -> str:
    """The answer box for the question on screen, or the empty state."""
    shown = session.current
    if shown is None:
        return _empty(can_undo=session.before is not None)
    recalled = "" if session.is_latest else _recalled(shown)
    return (
        f'<section class="answer {shown.stage}" data-key="{shown.key}" aria-labelledby="answer-title" '
        f'data-announce="{escape(announcement(shown))}" aria-busy="{str(shown.stage.is_running).lower()}">'
        f'<h2 class="sr-only" id="answer-title">답변</h2>{recalled}{verdict(shown)}'
        f'<div class="answer-body">{body(shown)}</div>{footer(shown)}</section>'
    )


def history_html(session: Session) -> str:
    """The call's questions, latest first; empty while there is only one."""
    if len(session.shown) < 2:
        return ""
    items = "".join(
        f'<li><button type="button" data-do="recall" data-key="{key}"'
        f"{' aria-current=true' if key == session.viewing else ''}>"
        f"{badge(session.shown[key])}<span>{escape(session.shown[key].question)}</span></button></li>"
        for key in sorted(session.shown, reverse=True)
    )
    return (
        f'<details class="history"><summary>이번 상담 질문 {len(session.shown)}건</summary><ol>{items}</ol></details>'
    )


def _recalled(shown: Shown) -> str:
    return (
        f'<p class="recalled"><span>지난 질문: {escape(shown.question)}</span>'
        '<button type="button" class="quiet" data-do="latest">최근 질문으로</button></p>'
    )


def _empty(*, can_undo: bool) -> str:
    """What the panel is for, and three ways to begin."""
    announce = "새 상담을 시작했습니다." if can_undo else ""
    undo = (
        f'<p class="undo"><span>{announce}</span>'
        '<button type="button" class="quiet" data-do="restore">되돌리기</button></p>'
    )
    examples = "".join(f'<li><button type="button" data-do="example">{escape(text)}</button></li>' for text in EXAMPLES)
    keys = "".join(f"<span><kbd>{key}</kbd> {use}</span>" for key, use in SHORTCUTS.items())
    return (
        f'<section class="empty" data-announce="{announce}">{undo if can_undo else ""}'
        "<p>시민의 질문을 적으면 근거를 먼저, 읽어 드릴 답변을 이어서 보여 드립니다.</p>"
        f'<ul class="examples" aria-label="예시 질문">{examples}</ul>'
        f'<p class="keys">{keys}</p></section>'
    )
