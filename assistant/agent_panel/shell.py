"""What never changes on the agent's page as HTML; the page's script fills it. Pure functions."""

from html import escape

from assistant.agent_panel.icons import icon
from assistant.agent_panel.wrap_up import wrap_up_html
from assistant.journal import REJECTIONS

EXAMPLES = (
    "주민등록등본 발급 수수료는 얼마인가요?",
    "대형폐기물은 어떻게 버리나요?",
    "기초연금은 몇 살부터 받을 수 있나요?",
)
SHORTCUTS = {
    "Enter": "질문",
    "/": "질문칸으로",
    "Esc": "질문칸 비우기",
    "Alt+N": "새 제안·새 통화 보기",
    "Alt+↑ Alt+↓": "이전·다음 제안",
    "Alt+P": "제안 고정",
    "Alt+C": "답변 복사",
    "Alt+A": "도움됨",
    "Alt+X": "아님",
    f"Alt+Shift+1–{len(REJECTIONS)}": "아닌 이유",
    "Alt+Q": "‘혹시’ 질문 고르기",
    "Alt+1–9": "근거 카드 열기",
    "Alt+O": "다른 통화로",
    "Alt+S": "상담 이력 저장",
    "Alt+R": "상담 이력 복사",
    "Alt+H": "이 도움말",
}


def shell_html() -> str:
    """The page from top to bottom."""
    return (
        f"{_top()}{_help()}{_call()}{wrap_up_html()}{_ask()}{_place()}"
        f'{_empty()}<div id="answer"></div><div id="evidence"></div>'
        '<button type="button" id="news" class="news" data-do="news" aria-keyshortcuts="Alt+N" hidden>'
        "<b></b><span></span><kbd>Alt+N</kbd></button>"
        '<div id="announcer" class="sr-only" role="status" aria-live="polite"></div>'
    )


def _top() -> str:
    return (
        '<header class="top"><h1>온누리 상담 어시스트</h1><a href="/account">내 계정</a>'
        '<button type="button" class="quiet" data-do="help" aria-keyshortcuts="Alt+H" aria-expanded="false" '
        'aria-controls="help">단축키</button>'
        '<button type="button" class="quiet" id="clear" data-do="clear">새 상담</button></header>'
    )


def _help() -> str:
    rows = "".join(f"<div><dt>{_keys(keys)}</dt><dd>{escape(use)}</dd></div>" for keys, use in SHORTCUTS.items())
    return f'<section id="help" class="help" aria-label="단축키" hidden><dl>{rows}</dl></section>'


def _keys(keys: str) -> str:
    return " ".join(f"<kbd>{escape(key)}</kbd>" for key in keys.split())


def _call() -> str:
    """The call: whether there is one, which, and what is said."""
    return (
        '<section id="call" class="call idle" aria-label="통화"><p class="state"><i class="dot" aria-hidden="true"></i>'
        '<b id="call-state" role="status">통화 대기 중</b><span id="call-label"></span>'
        '<time id="call-clock"></time><span id="other-calls"></span></p>'
        '<p id="lost" class="lost" role="status" hidden>연결이 끊겼습니다. 다시 연결하는 중입니다…</p>'
        '<p id="fault" class="problem" role="status" hidden></p>'
        '<details id="said" class="said-box" open hidden><summary>통화 내용</summary>'
        '<ol id="transcript" class="transcript" tabindex="0" aria-label="통화 내용"></ol></details></section>'
    )


def _ask() -> str:
    return (
        '<form class="ask"><label class="sr-only" for="question">시민의 질문</label>'
        '<textarea id="question" rows="2" maxlength="1000" autocomplete="off" spellcheck="false" '
        'placeholder="시민의 질문을 적어 주세요" aria-keyshortcuts="/"></textarea>'
        '<button type="submit" class="primary" disabled>질문</button></form>'
        '<p id="silence" class="problem" hidden>서버의 응답이 없습니다. 질문은 그대로 두었으니 연결되면 다시 '
        "보내 주세요.</p>"
    )


def _place() -> str:
    """Which suggestion of how many is on screen, the way to its neighbours, and whether it stays."""
    return (
        '<nav id="place" class="place" aria-label="이 상담의 제안" hidden>'
        '<button type="button" class="quiet" data-do="previous" aria-keyshortcuts="Alt+ArrowUp" '
        f'aria-label="이전 제안" title="이전 제안 (Alt+↑)">{icon("previous")}</button>'
        '<details class="history" id="history"><summary id="place-of" title="이 상담의 제안 모두 보기"></summary>'
        "<ol></ol></details>"
        '<button type="button" class="quiet" data-do="next" aria-keyshortcuts="Alt+ArrowDown" '
        f'aria-label="다음 제안" title="다음 제안 (Alt+↓)">{icon("next")}</button>'
        '<button type="button" class="quiet" data-do="latest" id="latest" hidden>최근 제안으로</button>'
        '<button type="button" class="quiet pin" data-do="pin" aria-pressed="false" aria-keyshortcuts="Alt+P" '
        f'title="새 제안이 와도 이 제안을 그대로 둡니다 (Alt+P)">{icon("pin")}<span>고정</span></button></nav>'
    )


def _empty() -> str:
    """What the panel is for, and three ways to begin; and what it says on a call before anything was asked."""
    examples = "".join(f'<li><button type="button" data-do="example">{escape(text)}</button></li>' for text in EXAMPLES)
    return (
        '<section class="empty" id="empty"><p class="undo" id="undo" hidden><span>새 상담을 시작했습니다.</span>'
        '<button type="button" class="quiet" data-do="restore">되돌리기</button></p>'
        '<p class="listening">듣고 있습니다. 시민이 물으면 근거와 답을 저절로 보여 드립니다.</p>'
        '<p class="waiting">전화가 연결되면 통화 내용과 제안이 저절로 나타납니다. 지금 질문을 적어도 됩니다.</p>'
        f'<ul class="examples" aria-label="예시 질문">{examples}</ul></section>'
    )
