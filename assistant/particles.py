"""The Korean particle that fits the word before it."""


def with_particle(word: str) -> str:
    """``word`` with 로 or 으로, by its last syllable; parentheses at the end do not count.

    >>> with_particle("민원과"), with_particle("농기계팀"), with_particle("자치행정실(예시)")
    ('민원과로', '농기계팀으로', '자치행정실(예시)로')
    """
    last = word.split("(")[0].strip()[-1:] or word[-1:]
    final = (ord(last) - ord("가")) % 28 if "가" <= last <= "힣" else 0
    return f"{word}{'로' if final in (0, 8) else '으로'}"  # 8 is the final ㄹ
