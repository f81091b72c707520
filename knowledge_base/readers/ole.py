"""OLE files: what kind of document one is, told by the streams in it."""

import io

from knowledge_base.errors import UnreadableFile

_OLD_OFFICE = (
    "옛 형식의 {name} 문서(.{suffix})는 지원하지 않습니다. {name}에서 .{suffix}x 형식으로 저장해 다시 가져오세요."
)


def is_workbook(data: bytes) -> bool:
    """Whether an OLE file is a spreadsheet (True) or a Hangul document (False). Raises UnreadableFile for others."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            names = {entry[0] for entry in file.listdir()}
    except OSError as error:
        raise UnreadableFile("손상되어 열 수 없는 문서입니다. 원본 프로그램에서 다시 저장해 가져오세요.") from error
    if "FileHeader" in names:
        return False
    if names & {"Workbook", "Book"}:
        return True
    if "EncryptedPackage" in names:
        raise UnreadableFile("암호가 걸린 오피스 문서라 내용을 읽을 수 없습니다. 암호를 풀고 저장해 다시 가져오세요.")
    if "WordDocument" in names:
        raise UnreadableFile(_OLD_OFFICE.format(name="워드", suffix="doc"))
    if "PowerPoint Document" in names:
        raise UnreadableFile("파워포인트 문서는 지원하지 않습니다. PDF로 저장해 다시 가져오세요.")
    raise UnreadableFile("글이 들어 있지 않은 형식의 파일입니다. 한글, PDF, 워드, 엑셀 문서로 저장해 가져오세요.")
