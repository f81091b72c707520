"""Bringing files in: where they are dropped, what each gave, and the chunks agents would see."""

import json
from collections.abc import Sequence

from indexing.admin_panel import markup
from indexing.admin_panel.document_view import chunks_html
from indexing.admin_panel.documents_view import KINDS
from indexing.admin_panel.imports import Imported
from indexing.admin_panel.markup import ACCENT, DONE, PROBLEM, WARNING, Html
from indexing.admin_panel.state import FileResult, Reading
from knowledge_base.storage.standing import Standing

FORMATS = "한글(HWP·HWPX), PDF, 워드(DOCX), 엑셀(XLSX·XLS), CSV, HTML, Markdown, 텍스트"
PREVIEWED = 20
"""Documents of a table shown at once."""
SHOWN = 200
"""Files listed at once."""
NAMED = 3
"""Files named in a sentence."""
DISCARD_TEXT = "가져오지 않은 파일 {}개를 지울까요? 다른 관리자가 지금 올리는 파일도 들어 있을 수 있습니다."
HEADS = ("결과", "파일", "문서", "새로", "바뀜", "그대로", "빠짐", "")


def import_html(imported: Imported, unread: Sequence[str], preview: str, largest: int) -> Html:
    """The page; ``unread`` are files that came but were never read, ``preview`` is the file shown beside it."""
    left = "" if imported.reading else _unread(unread)
    return f'<section class="list">{_drop(largest)}{left}{_results(imported.files, preview)}</section>'


def _drop(largest: int) -> Html:
    return (
        '<form class="upload" data-upload>'
        '<label class="drop" for="files"><input type="file" id="files" multiple '
        'aria-describedby="formats"><b>파일을 여기에 끌어다 놓거나 눌러서 고르세요</b>'
        f'<span id="formats">{FORMATS}</span><span>파일마다 {largest // 2**20}MB까지, 여러 개 한 번에</span>'
        "</label>" + _kind() + '<p class="hint">같은 이름의 파일을 다시 올리면 새 판이 됩니다. '
        "손으로 고친 값과 내린 문서는 그대로 남습니다.</p>"
        "</form>"
    )


def _kind() -> Html:
    return markup.choice("문서 종류", "kind", {**KINDS, "": "자동"}, "")


def _unread(names: Sequence[str]) -> Html:
    if not names:
        return ""
    told = f"올라왔지만 아직 가져오지 않은 파일 {markup.many(len(names))}개: {', '.join(names[:NAMED])}"
    told += " 등" if len(names) > NAMED else ""
    given = {"names": json.dumps(names), "refused": "[]"}
    return (
        f'<form class="left outcome neutral"{markup.values({"do": "import", **given})}>'
        f"<p>{markup.text(told)}</p>{_kind()}"
        '<span class="buttons"><button type="submit" class="quiet">가져오기</button>'
        f"{markup.button('지우기', 'discard', confirm=DISCARD_TEXT.format(len(names)), **given)}</span></form>"
    )


def _results(files: Sequence[FileResult], preview: str) -> Html:
    """What asks for something first, then the latest."""
    if not files:
        return ""
    shown = list(reversed(files))
    shown.sort(key=lambda found: not (found.problem or found.faults))
    rest = len(shown) - SHOWN
    more = f'<p class="hint">그 밖에 {markup.many(rest)}개</p>' if rest > 0 else ""
    return markup.table("올린 파일", HEADS, [_row(found, preview) for found in shown[:SHOWN]], "files") + more


def reading_html(now: Reading | None) -> Html:
    """The import under way, on every page; '' when none is."""
    if now is None:
        return ""
    stop = "<span>취소하는 중…</span>" if now.is_cancelling else markup.button("취소", "cancel-import")
    return (
        '<section class="job" data-running aria-label="가져오는 중"><b>가져오는 중</b>'
        f'<progress value="{now.number - 1}" max="{now.total}"></progress>'
        f"<span>{markup.many(now.number)} / {markup.many(now.total)}개 · {markup.text(now.name)}</span>"
        f'<span class="by">{markup.text(now.by)}</span>{stop}</section>'
    )


def _row(found: FileResult, preview: str) -> Html:
    told = "".join(f'<span class="fault">{markup.text(fault)}</span>' for fault in found.faults[:5])
    if len(found.faults) > 5:
        told += f'<span class="fault">그 밖에 {len(found.faults) - 5}건</span>'
    if found.changes is None:
        name = f"{markup.text(found.name)}<span class=fault>{markup.text(found.problem)}</span>"
        return markup.row([markup.badge("가져오지 못함", PROBLEM), name, "", "", "", "", "", ""])
    changes = found.changes
    counts = [changes.added + changes.changed + changes.unchanged, *changes]
    given = {"do": "preview", "name": found.name}
    return markup.row(
        [
            _verdict(found),
            markup.button(found.name, "preview", "title", told=f"{found.name} 조각 보기", name=found.name) + told,
            *(
                f"<b>{markup.many(count)}</b>" if not place else markup.many(count)
                for place, count in enumerate(counts)
            ),
            _take_back(found),
        ],
        current=found.name == preview,
        **given,
    )


def _take_back(found: FileResult) -> Html:
    """What brought new documents alone can be taken back whole."""
    if not found.changes or not found.changes.added or found.changes.changed or found.changes.unchanged:
        return ""
    asked = f"‘{found.name}’의 문서와 파일을 모두 뺄까요?"
    return markup.button("빼기", "take-back", told=f"{found.name} 빼기", name=found.name, confirm=asked)


def _verdict(found: FileResult) -> Html:
    if found.faults:
        return markup.badge("일부 실패", WARNING)
    if found.changes and found.changes.changed:
        return markup.badge("새 판", ACCENT)
    return markup.badge("새 문서", DONE) if found.changes and found.changes.added else markup.badge("그대로")


def preview_html(name: str, standings: Sequence[Standing]) -> Html:
    """What agents will see of a file: the chunks of each document in it."""
    parts = "".join(
        f"<section><header class=row>{markup.button(found.document.title, 'open', 'title', id=found.document.id)}"
        f"{markup.badge(found.document.kind.label)}</header>{chunks_html(found.document)}</section>"
        for found in standings[:PREVIEWED]
    )
    rest = len(standings) - PREVIEWED
    more = f'<p class="hint">그 밖에 {markup.many(rest)}건은 문서 목록에서 볼 수 있습니다.</p>' if rest > 0 else ""
    body = parts or markup.empty("이 파일의 문서가 없습니다.")
    return markup.beside("미리보기", name, body + more, marks=markup.badge("미리보기"))
