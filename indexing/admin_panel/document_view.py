"""One document beside the list: its text, the chunks agents see, its fields to be set by hand, its versions."""

from collections.abc import Iterable, Sequence
from datetime import date

from indexing.admin_panel import markup
from indexing.admin_panel.difference_view import difference_html
from indexing.admin_panel.document_acts import seen
from indexing.admin_panel.documents_view import state_badge
from indexing.admin_panel.markup import ACCENT, Html
from indexing.admin_panel.state import Part
from knowledge_base.document import Document
from knowledge_base.metadata import DATES
from knowledge_base.passages.chunking import chunk
from knowledge_base.storage import corrections
from knowledge_base.storage.history import Difference, Version
from knowledge_base.storage.standing import Standing, State

LATER_TEXT = "저장한 값은 다음 색인부터 검색에 반영됩니다."
AT_ONCE_TEXT = "내리면 상담원 화면에서 바로 빠지고, 다시 올릴 때까지 파일을 다시 가져와도 나오지 않습니다."


def document_html(
    found: Standing,
    part: Part,
    versions: Sequence[Version],
    difference: Difference | None,
    of_file: Sequence[Standing],
) -> Html:
    """The whole of it; ``versions`` are oldest first, ``difference`` is the one asked for.

    ``of_file`` are all documents of its file.
    """
    today = date.today()
    body = {
        Part.TEXT: lambda: text_html(found),
        Part.CHUNKS: lambda: chunks_html(found.document),
        Part.EDIT: lambda: edit_html(found, of_file, today),
        Part.VERSIONS: lambda: versions_html(found, versions, difference),
    }[part]()
    labels = Part.labels() | {Part.VERSIONS.value: f"{Part.VERSIONS.label} {len(versions)}"}
    parts = f'<nav class="parts" aria-label="문서에서 볼 것">{markup.tabs("part", labels, part)}</nav>'
    marks = state_badge(found, today) + markup.badge(found.document.kind.label)
    name = f'<p class="id">{markup.text(found.document.id)}</p>'
    return markup.beside("문서", found.document.title, parts + body, marks=marks, note=name)


def text_html(found: Standing) -> Html:
    """What is known about a document, then its text."""
    document = found.document
    known = [
        ("분야", document.category),
        ("담당", " ".join(filter(None, (document.department, document.phone)))),
        ("시행 기간", markup.days(document.effective_from, document.effective_to)),
        ("기준일", str(document.as_of or "")),
        ("대체하는 문서", ", ".join(found.predecessors) or document.supersedes),
        ("이어지는 문서", found.successor),
        ("출처", document.source),
        ("비고", document.note),
        ("손으로 고침", ", ".join(corrections.labels(found.corrected))),
        ("내린 이유", found.withdrawn or ""),
        ("파일", found.file),
    ]
    listed = markup.facts((name, markup.text(value)) for name, value in known if value)
    return f'{listed}<div class="body text">{markup.text(document.text)}</div>'


def chunks_html(document: Document) -> Html:
    """The pieces in which a document is found, as an agent's evidence cards show them."""
    return "".join(_chunk_cards(document))


def _chunk_cards(document: Document) -> Iterable[Html]:
    known = [document.department, document.phone, markup.days(document.effective_from, document.effective_to)]
    footer = " · ".join(filter(None, [*known, f"{document.as_of} 기준" if document.as_of else ""]))
    pieces = chunk(document)
    if not pieces:
        yield markup.empty("글이 없어 검색할 조각이 없습니다. 파일을 확인해 다시 올려 주세요.")
    for piece in pieces:
        heading = f'<p class="path">{markup.text(piece.heading)}</p>' if piece.heading else ""
        yield (
            f'<section class="chunk"><header><span class="number">{piece.number + 1}</span>'
            f"<h3>{markup.text(document.title)}</h3></header>{heading}"
            f'<div class="text">{markup.text(piece.text)}</div><footer>{markup.text(footer)}</footer></section>'
        )


_EDITED = ("title", "category", "department", "phone", "effective_from", "effective_to", "as_of", "supersedes")
# no date inputs: they speak the browser's language
_EXAMPLES = dict.fromkeys(DATES, 'placeholder="2026-01-31" inputmode="numeric"') | {
    "supersedes": 'placeholder="이 문서가 대신하게 된 옛 문서의 ID나 제목"'
}


def edit_html(found: Standing, of_file: Sequence[Standing], today: date) -> Html:
    """Its fields as a form, and below it the way out of service or back."""
    inputs = "".join(_field(found, name) for name in _EDITED)
    given = {"id": found.document.id, "undo": "all", **seen(found, corrections.FIELDS)}
    undo_all = markup.button("고친 것 모두 되돌리기", "correct", **given) if found.corrected else ""
    return (
        f'<form class="edit"{markup.values({"do": "correct", "id": found.document.id})}>{inputs}'
        f'<p class="hint">{LATER_TEXT} 파일이 새 값을 담아 오면 파일을 따릅니다.</p>'
        f'<p class="buttons"><button type="submit" class="primary">저장</button>{undo_all}</p></form>'
        f"{_golden(found)}{_service(found, of_file, today)}"
    )


def _field(found: Standing, name: str) -> Html:
    (label,) = corrections.labels([name])
    value = getattr(found.document, name)
    if name in DATES and name == "effective_to" and found.successor:
        note = f'<span class="note">‘{markup.text(found.successor)}’ 문서가 이어집니다.</span>'
    elif name in found.corrected:
        given = {"id": found.document.id, "undo": name, **seen(found, [name])}
        undo = markup.button("원래대로", "correct", told=f"{label} 원래대로", **given)
        note = f'<span class="note">{markup.badge("고침", ACCENT)} {undo}</span>'
    elif name in found.lapsed:
        note = '<span class="note">파일이 바뀌어 고친 값 대신 파일의 값을 씁니다.</span>'
    else:
        note = ""
    return markup.field(label, name, str(value or ""), "text", note, _EXAMPLES.get(name, ""))


def _golden(found: Standing) -> Html:
    given = markup.values({"do": "add-golden", "documents": found.document.id})
    return (
        '<section class="service"><h3>확인 질문</h3><p class="hint">이 질문에 이 문서를 찾지 못하는 색인은 쓰지 '
        f'않습니다.</p><form class="row"{given}>'
        + markup.field("질문", "question", attributes='required maxlength="200"')
        + '<button type="submit" class="plain">더하기</button></form></section>'
    )


def _service(found: Standing, of_file: Sequence[Standing], today: date) -> Html:
    """The whole file can be taken out, or back, where all of it stands alike."""
    is_whole = len(of_file) > 1 and all(each.withdrawn == found.withdrawn for each in of_file)
    label = f"이 파일의 {markup.many(len(of_file))}건 모두"
    if found.state(today) is State.WITHDRAWN:
        given = {"id": found.document.id}
        whole = markup.button(label, "restore", "plain", whole="yes", **given) if is_whole else ""
        return (
            f'<section class="service"><h3>내린 문서</h3><p>이유: {markup.text(found.withdrawn)}</p>'
            f'<p class="buttons">{markup.button("다시 올리기", "restore", "plain", **given)}{whole}</p></section>'
        )
    whole = f'<button type="submit" class="danger" name="whole" value="yes">{label}</button>' if is_whole else ""
    return (
        f'<section class="service"><h3>검색에서 내리기</h3><p class="hint">{AT_ONCE_TEXT}</p>'
        f'<form class="row"{markup.values({"do": "withdraw", "id": found.document.id})}>'
        + markup.field("이유", "reason", attributes='required maxlength="200" placeholder="예: 2027년 조례 개정"')
        + f'<button type="submit" class="danger">내리기</button>{whole}</form></section>'
    )


def versions_html(found: Standing, versions: Sequence[Version], difference: Difference | None) -> Html:
    """Every version, newest first, each to be compared with the one before or made the newest again."""
    items = "".join(_version(found, versions, number, difference) for number in range(len(versions) - 1, -1, -1))
    return f'<ol class="versions">{items}</ol>'


def _version(found: Standing, versions: Sequence[Version], number: int, difference: Difference | None) -> Html:
    version = versions[number]
    name = found.document.id
    mark = markup.badge("지금 판", ACCENT) if version.is_newest else ""
    acts = ""
    if number:
        acts += markup.button("바뀐 점", "compare", id=name, old=versions[number - 1].version, new=version.version)
    if not version.is_newest:
        acts += markup.button("이 판으로 되돌리기", "restore", id=name, version=version.version)
    shown = difference_html(difference) if difference and difference.new == version.version else ""
    when = markup.days(version.document.effective_from, version.document.effective_to)
    return (
        f"<li><header><b>{number + 1}판</b> {mark}<span>{markup.moment(version.imported_at)} 가져옴</span>"
        f"<span>{markup.text(when)}</span></header>"
        f'<p class="buttons">{acts}</p>{shown}</li>'
    )
