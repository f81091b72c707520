"""How the knowledge base and its index are doing, and what asks for an admin's decision."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from indexing.admin_panel import markup
from indexing.admin_panel.catalogue import Catalogue
from indexing.admin_panel.job import JobStatus
from indexing.admin_panel.markup import NEUTRAL, PROBLEM, WARNING, Html
from indexing.admin_panel.sentences import in_panel
from indexing.admin_panel.snapshots import Kept
from indexing.contradictions.disagreements import Disagreement, Stated
from indexing.maintenance.upkeep import UpkeepStatus
from knowledge_base.document import Kind
from knowledge_base.review import Concern, Finding
from knowledge_base.storage.standing import State

SHOWN = 500
"""Entries of one list, which scrolls."""
SHOWN_THINGS = 50
"""Disagreements, each of several documents in their own words."""
_URGENT = frozenset({Concern.FAULTY, Concern.EXPIRED, Concern.UNKNOWN_PREDECESSOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Everything the page tells. ``findings`` is None while they are being looked for; ``sizes`` are in bytes."""

    catalogue: Catalogue
    kept: Sequence[Kept]
    sizes: Mapping[str, int]
    findings: Sequence[Finding] | None
    scan: JobStatus[list[Disagreement]] | None
    disagreements: Sequence[Disagreement] | None
    upkeep: UpkeepStatus | None


def health_html(health: Health, today: date) -> Html:
    """The whole page."""
    return (
        f'<div class="columns"><div>{counts_html(health.catalogue, today)}{machine_html(health)}</div>'
        f"<div>{disagreements_html(health.disagreements, health.scan)}{findings_html(health)}</div></div>"
    )


def counts_html(catalogue: Catalogue, today: date) -> Html:
    """Documents by kind and state, each number leading to the list."""
    counts = Counter((found.document.kind, found.state(today)) for found in catalogue.standings)
    heads = ("", *(state.label for state in State), "모두")
    rows = [markup.row([kind.label, *_numbers(counts, [kind])]) for kind in Kind]
    total = markup.row(["<b>모두</b>", *_numbers(counts, list(Kind))])
    return markup.card("문서", markup.table("종류와 상태별 문서 수", heads, [*rows, total], "counts"))


def _numbers(counts: Mapping[tuple[Kind, State], int], kinds: Sequence[Kind]) -> list[Html]:
    """The cells of a row: each state, then all, for these kinds together."""
    numbers = {state.value: sum(counts[kind, state] for kind in kinds) for state in State}
    numbers["any"] = sum(numbers.values())
    asked = kinds[0].value if len(kinds) == 1 else ""
    return [
        markup.button(markup.many(count), "filter", "title", kind=asked, state=state) if count else "·"
        for state, count in numbers.items()
    ]


def machine_html(health: Health) -> Html:
    """The index that is served, and what lies on the disk."""
    served = next((kept.manifest for kept in health.kept if kept.is_current), None)
    known = [
        ("쓰는 색인", f"{markup.moment(served.created_at)} 만듦" if served else "없음"),
        ("조각", markup.many(served.chunks) if served else "0"),
        ("임베딩 모델", markup.text(served.model) if served else "없음"),
        ("형태소 분석기", markup.text(served.tokenizer) if served else "없음"),
        *((name, markup.size(size)) for name, size in health.sizes.items()),
        *_upkeep(health.upkeep),
    ]
    return markup.card("색인과 디스크", markup.facts(known))


def _upkeep(status: UpkeepStatus | None) -> list[tuple[str, Html]]:
    if status is None or not (status.folders or status.next_build):
        return []
    rows = [("지켜보는 폴더", markup.text(", ".join(folder.name for folder in status.folders)) or "없음")]
    if status.next_build:
        rows.append(("다음 예약 색인", status.next_build.strftime("%Y-%m-%d %H:%M")))
    if status.last:
        result = markup.text(status.last.message) or ("끝남" if status.last.succeeded else "실패")
        rows.append(("마지막 자동 작업", f"{status.last.at:%Y-%m-%d %H:%M} {result}"))
    return rows


def findings_html(health: Health) -> Html:
    """Every list of the review, folded, each entry leading to its documents."""
    findings = health.findings
    if findings is None:
        return markup.card("살펴볼 문서", '<p class="reading" role="status"><progress></progress>살펴보는 중…</p>')
    if not findings:
        return markup.card("살펴볼 문서", markup.empty("살펴볼 것이 없습니다."))
    groups = "".join(
        _group(concern, list(found), health.catalogue)
        for concern, found in groupby(findings, lambda found: found.concern)
    )
    return markup.card("살펴볼 문서", groups)


def _group(concern: Concern, findings: Sequence[Finding], catalogue: Catalogue) -> Html:
    items = "".join(
        f"<li>{_leading(found, catalogue)}<span class=id>{markup.text(found.detail)}</span></li>"
        for found in findings[:SHOWN]
    )
    more = markup.more(len(findings) - SHOWN)
    tone = PROBLEM if concern in _URGENT else WARNING if concern is Concern.EXPIRING else NEUTRAL
    is_open = " open" if tone is not NEUTRAL else ""
    return (
        f"<details{markup.values({'group': concern.value})}{is_open}><summary>{concern.label} "
        f"{markup.badge(markup.many(len(findings)), tone)}</summary><ul>{items}{more}</ul></details>"
    )


def _leading(found: Finding, catalogue: Catalogue) -> Html:
    if found.concern is Concern.FAULTY:  # a file, of which perhaps nothing was read
        is_there = catalogue.of_file(found.id)
        return markup.button(found.id, "filter", "title", text=found.id) if is_there else markup.text(found.id)
    return _open(found.id, found.title or found.id)


def disagreements_html(found: Sequence[Disagreement] | None, scan: JobStatus[list[Disagreement]] | None) -> Html:
    """Each thing of which documents state different figures, with the documents on each side."""
    if scan is not None and scan.is_running:
        progress = scan.progress
        told = f"{progress.stage} {markup.many(progress.done)} / {markup.many(progress.total)}" if progress else ""
        cancel = "취소하는 중…" if scan.is_cancelling else markup.button("취소", "cancel-scan")
        body = f'<p class="reading" data-running>{markup.bar(progress)}{told} {cancel}</p>'
        return markup.card("서로 어긋나는 문서", body)
    again = markup.button("다시 찾기" if found is not None else "찾기", "scan", "quiet" if found else "plain")
    problem = f'<p class="outcome neutral">{markup.text(in_panel(scan.problem))}</p>' if scan and scan.problem else ""
    if found is None:
        hint = "<p class=hint>쓰는 색인에서 같은 것의 금액·기한·수량을 다르게 말하는 문서를 찾습니다.</p>"
        return markup.card("서로 어긋나는 문서", problem + hint, again)
    items = "".join(f"<li>{''.join(map(_side, each.sides))}</li>" for each in found[:SHOWN_THINGS])
    rest = len(found) - SHOWN_THINGS
    more = f'<p class="hint">그 밖에 {markup.many(rest)}건</p>' if rest > 0 else ""
    body = f"<ol class=sides>{items}</ol>{more}" if items else markup.empty("서로 어긋나는 문서를 찾지 못했습니다.")
    count = markup.badge(markup.many(len(found)), WARNING) if found else ""
    return markup.card("서로 어긋나는 문서", problem + body, f"{count}{again}")


def _side(side: Sequence[Stated]) -> Html:
    """A document in its own words; the others that state the same figure are folded."""
    (statement, claim), *others = side
    start, end = claim.fact.span
    before, figure, after = (
        markup.text(part) for part in (claim.sentence[:start], claim.sentence[start:end], claim.sentence[end:])
    )
    titles = {each.statement.document.id: each.statement.document.title for each in others}
    titles.pop(statement.document.id, None)
    shown = _open(statement.document.id, statement.document.title)
    stated = f"<p>{before}<mark>{figure}</mark>{after}</p>"
    if not titles:
        return f"<div>{shown}{stated}</div>"
    group = markup.values({"group": f"{statement.document.id} {claim.fact.text}"})
    summary = f"<summary>{figure}인 문서 {markup.many(len(titles))}건 더</summary>"
    items = "".join(f"<li>{_open(name, title)}</li>" for name, title in titles.items())
    return f"<div>{shown}{stated}<details{group}>{summary}<ul>{items}</ul></details></div>"


def _open(name: str, title: str) -> Html:
    return markup.button(title, "open", "title", id=name)
