"""Bytes to clean text: encodings seen in Korean offices, one Unicode form, no invisible characters."""

import codecs
import os
import re
import unicodedata

from knowledge_base.errors import UnreadableFile

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LINE_ENDS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_CONTROL = re.compile("[\u0000-\u001f\u007f]")
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u3164\uffa0]")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def decode(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with a byte order mark, or CP949 (which includes EUC-KR).

    Raises UnreadableFile for anything else.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, encoding)
    if b"\x00" in data:
        raise UnreadableFile(
            "글이 아닌 이진 파일입니다. 한글, PDF, DOCX, CSV, XLSX, Markdown, HTML, 텍스트로 저장해 다시 가져오세요."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_as(data, "cp949")


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile("글자 인코딩을 알 수 없습니다. UTF-8로 저장해 다시 가져오세요.") from error


def clean(text: str) -> str:
    """NFC, ``\\n`` line ends, ordinary spaces, no invisible or control characters, no trailing spaces.

    >>> clean("여\\u200b권\\u00a0수수료 \\r\\n\\r\\n\\r\\n\\r\\n5만원 ")
    '여권 수수료\\n\\n5만원'
    """
    text = _INVISIBLE.sub("", _SPACES.sub(" ", _LINE_ENDS.sub("\n", text)))
    text = unicodedata.normalize("NFC", text)  # last: an invisible character may have kept two jamo apart
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def one_line(text: str) -> str:
    """Clean text with every run of white space as one space.

    >>> one_line(" 여권\\n수수료 ")
    '여권 수수료'
    """
    return " ".join(clean(text).split())


def spelt(path: str | os.PathLike[str]) -> str:
    """A path as documents are called by it: in NFC, whatever a file system writes (macOS: NFD).

    A name that is not UTF-8 is taken for CP949, which a ZIP made by Windows leaves. A line break in a name is a space:
    ids are shown a line each.
    """
    names = os.fsencode(path).split(b"/")
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", "/".join(_name(name) for name in names)))


def _name(written: bytes) -> str:
    try:
        return written.decode()
    except UnicodeDecodeError:
        return written.decode("cp949", "replace")


def letters(text: str) -> str:
    """What is left of ``text`` when neither case, spaces nor punctuation count.

    >>> letters("여권은 어디서 만드나요?") == letters("여권은 어디서만드나요")
    True
    """
    return "".join(character for character in text.lower() if character.isalnum())
