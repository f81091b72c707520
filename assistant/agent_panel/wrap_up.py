"""The form of the 상담 이력 as HTML, empty; the page's script fills it once a call has ended."""

from assistant.agent_panel.icons import icon

ROWS = {"request": ("요청 내용", 2), "outcome": ("처리 결과", 3), "follow_ups": ("후속 조치 (한 줄에 하나)", 1)}
SHORT = {"category": "상담 분류", "department": "담당 부서"}
MINUTE = 60
"""Seconds an agent is expected to take; nothing stops when they are over."""


def wrap_up_html() -> str:
    """The fields with what they are called in the copied text (``data-name``), and what can be done with them."""
    short = "".join(
        f'<label>{label}<input name="{name}" data-name="{label}" maxlength="200" autocomplete="off"></label>'
        for name, label in SHORT.items()
    )
    long = "".join(
        f'<label>{label}<textarea name="{name}" data-name="{label.partition(" (")[0]}" rows="{rows}" maxlength="4000" '
        'spellcheck="false"></textarea></label>'
        for name, (label, rows) in ROWS.items()
    )
    return (
        '<form id="wrap-up" class="wrap-up" aria-labelledby="wrap-up-title" hidden>'
        '<header><h2 id="wrap-up-title">상담 이력</h2><span id="wrap-up-source" class="source"></span>'
        f'<span id="wrap-up-time" class="minute" data-seconds="{MINUTE}"><i aria-hidden="true"></i><time></time></span>'
        f'</header><div class="short">{short}</div>{long}'
        '<footer><button type="submit" class="primary" aria-keyshortcuts="Alt+S" title="저장 (Alt+S)">저장</button>'
        '<button type="button" data-do="copy-summary" aria-keyshortcuts="Alt+R" title="전체 복사 (Alt+R)">'
        f"{icon('copy')}<span>전체 복사</span></button>"
        '<button type="button" class="quiet" data-do="undo-summary" hidden>초안으로</button>'
        '<button type="button" class="quiet" data-do="leave">닫기</button>'
        '<p id="wrap-up-told" role="status"></p></footer></form>'
    )
