"""Closed choices that programs know by a value, and people by a Korean name."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """An enum whose members are written ``NAME = value, label``; a member is its value, and nothing but that is stored.

    >>> class Colour(Labelled):
    ...     RED = "red", "빨강"
    >>> Colour("red").label, Colour.RED == "red", Colour.labels()
    ('빨강', True, {'red': '빨강'})
    """

    _value_: str
    label: str

    def __new__(cls, value: str, label: str = "") -> Self:  # by its value alone a member is looked up
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def labels(cls) -> dict[str, str]:
        """The label of each value, in order."""
        return {member.value: member.label for member in cls}
