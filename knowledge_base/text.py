"""Bytes to clean text: encodings seen in Korean offices, one Unicode form, no invisible characters."""

import codecs
import re
import unicodedata

from knowledge_base.errors import UnreadableFile

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def decode(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with a byte order mark, or CP949 (which includes EUC-KR).

    Raises UnreadableFile for anything else.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, encoding)
    if b"\x00" in data[:4096]:
        raise UnreadableFile(
            "글이 아닌 이진 파일입니다. CSV, XLSX, Markdown, HTML, 텍스트 파일로 저장해 다시 가져오세요."
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
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", text).replace("\u00a0", " ").replace("\u3000", " ").replace("\t", " ")
    text = re.sub(r" +$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
