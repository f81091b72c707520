"""Sentences written for the command line, as the panel says them: what to press in place of what to type."""

PRESSED = {
    "'onnuri kb list'로 문서 ID를 확인하세요": "‘문서’ 화면에서 문서 ID를 확인하세요",
    "이전 판으로 되돌리려면 'onnuri kb history'로 판을 찾아 --version에 적으세요": (
        "이전 판으로 되돌리려면 문서의 ‘판’에서 ‘이 판으로 되돌리기’를 누르세요"
    ),
    "'onnuri kb import 폴더'로 먼저 문서를 가져오세요": "‘가져오기’ 화면에서 먼저 문서를 올리세요",
    "'onnuri kb import 폴더'로 문서를 가져온 뒤 'onnuri index build'를 실행하세요": (
        "‘가져오기’ 화면에서 문서를 올린 뒤 ‘색인 만들기’를 누르세요"
    ),
    "'onnuri index golden list'로 확인하세요": "‘색인’ 화면의 확인 질문에서 확인하세요",
    "'onnuri index list'로 확인하세요": "‘색인’ 화면에서 확인하세요",
    "'onnuri index activate'로 이 색인을 올리세요": "‘색인’ 화면에서 이 색인의 ‘쓰기’를 누르세요",
    "그래도 쓰려면 --accept를 붙여 실행하세요": "그래도 쓰려면 ‘색인’ 화면에서 ‘그래도 쓰기’를 누르세요",
    "'onnuri index build --full'로 다시 만들거나 'onnuri index rollback'으로 되돌리세요": (
        "‘색인’ 화면에서 ‘처음부터 다시’ 만들거나 ‘이전 색인으로 되돌리기’를 누르세요"
    ),
    "'onnuri index build --full'로 다시 만드세요": "‘색인’ 화면에서 ‘처음부터 다시’를 누르세요",
    "'onnuri index build'로 다시 만들거나": "‘색인 만들기’로 다시 만들거나",
}
"""What a sentence tells to type, and what to press instead; longer ones come before their parts."""


def in_panel(sentence: str) -> str:
    """A sentence as an admin can follow it.

    >>> in_panel("'가' 문서가 없습니다. 'onnuri kb list'로 문서 ID를 확인하세요.")
    "'가' 문서가 없습니다. ‘문서’ 화면에서 문서 ID를 확인하세요."
    """
    for typed, pressed in PRESSED.items():
        sentence = sentence.replace(typed, pressed)
    return sentence
