"""Closed choices that programs know by a value, and people by a Korean name."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """An enum whose members are written ``NAME = value, label``; a member is its value, and nothing but that is stored.

    >>> class Colour(Labelled):
    ...     RED = "red", "빨강"
    >>> Colour("red").label, Colour.RED == "red"
    ('빨강', True)
    """

    _value_: str
    label: str

    def __new__(cls, value: str, label: str = "") -> Self:  # by its value alone a member is looked up
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
