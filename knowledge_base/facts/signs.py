"""Digits, dashes and brackets in the one form that patterns are written for."""

_ASCII = str.maketrans("０１２３４５６７８９．，％（）～∼〜－–—‐‑−ㅡ", "0123456789.,%()~~~-------")


def ascii_signs(text: str) -> str:
    """The same text, character for character, with full-width digits and signs and every dash as ASCII.

    >>> ascii_signs("０６１－７４９–３１１４（내선）")
    '061-749-3114(내선)'
    """
    return text.translate(_ASCII)
