"""FAQ rows that an admin writes in place, without a file."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from knowledge_base.document import Document, Kind
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.metadata import fields
from knowledge_base.storage.store import KnowledgeStore

ROOT = "written"
"""Where an import says from which folder a document comes; no folder is called so, for theirs are absolute."""
FIELDS = ("title", "text", "category", "department", "phone", "source", "effective_from", "effective_to")
LONGEST_SLUG = 30


def written_id(shelf: str, question: str) -> str:
    """A stable id below ``shelf`` for what answers a question, whatever its spaces and signs.

    >>> written_id("knowledge-gaps", "여권 사진은 몇 장?")
    'knowledge-gaps/여권-사진은-몇-장-db9e98fc'
    """
    slug = re.sub(r"\W+", "-", question).strip("-")[:LONGEST_SLUG].rstrip("-")
    letters = re.sub(r"\W+", "", question.lower())
    return f"{shelf}/{slug}-{hashlib.sha256(letters.encode()).hexdigest()[:8]}"


def faq(document_id: str, values: Mapping[str, str], today: date) -> Document:
    """An FAQ row of the FIELDS as a person filled them in, right as of today.

    Raises KnowledgeBaseError without a question or an answer, and for impossible dates.
    """
    given = fields({name: values.get(name, "") for name in FIELDS})
    if not given.get("title") or not given.get("text"):
        raise KnowledgeBaseError("질문과 답변은 비울 수 없습니다. 시민에게 읽어 줄 답변을 적어 주세요.")
    return replace(Document(id=document_id, kind=Kind.FAQ, **given), as_of=today)


def write(store: KnowledgeStore, document: Document) -> None:
    """Make it the newest version of its id and put it into service, also when it was withdrawn."""
    store.replace_files(ROOT, {document.id: [document]})
    if store.standing(document.id).withdrawn is not None:
        store.restore(document.id)
