"""The documents nearest to a question that was not answered: is one of them to be mended, or is one missing?"""

from collections.abc import Sequence

from indexing import panel_markup as markup
from indexing.hit import Hit
from indexing.panel_markup import Html


def nearest_html(question: str, hits: Sequence[Hit]) -> Html:
    """Each document once, with its best passage, nearest first."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.document.id, hit)
    items = "".join(
        f'<section class="chunk"><header><span class="number">{number}</span>'
        f"{markup.button(hit.document.title, 'open', 'title', id=hit.document.id)}</header>"
        f'<div class="text">{markup.text(hit.chunk.text)}</div>'
        f"<footer>{markup.text(hit.document.department)}</footer></section>"
        for number, hit in enumerate(best.values(), start=1)
    )
    hint = '<p class="hint">답이 있어야 할 문서라면 내용을 고쳐 다시 올리고, 없으면 새 문서를 올리세요.</p>'
    body = items or markup.empty("가까운 문서가 없습니다. 새 문서를 올려 주세요.")
    return (
        f'<article class="document" aria-label="가까운 문서"><header><div class="marks">'
        f"{markup.badge('가까운 문서')}{markup.button('닫기', 'close', told='가까운 문서 닫기')}</div>"
        f"<h2>{markup.text(question)}</h2></header>{hint}{body}</article>"
    )
