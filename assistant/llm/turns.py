"""Who may ask the LLM when: a slow one must not gather the questions of a whole call centre."""

import sys
import threading
from collections import deque
from time import monotonic

from knowledge_base.errors import LLMUnavailable

IN_LINE = 8
UNLIMITED = sys.maxsize
_MINUTE = 60.0


class Turns:
    """``at_once`` questions are with the LLM, ``in_line`` more wait, at most ``per_minute`` are asked in any minute.

    Turns come in the order of arrival. When the line is full, the newest question joins it and the one that has
    waited longest is turned away: its agent has had the evidence for a while, the newest is being looked at now.
    Thread-safe; nobody waits longer than they say.
    """

    def __init__(self, at_once: int = UNLIMITED, in_line: int = IN_LINE, per_minute: int = UNLIMITED) -> None:
        self._free = self._at_once = at_once
        self._in_line = in_line
        self._per_minute = per_minute
        self._line: deque[_Place] = deque()
        self._begun: deque[float] = deque()
        self._lock = threading.Lock()

    @property
    def is_idle(self) -> bool:
        """Whether nobody has a turn."""
        return self._free == self._at_once

    @property
    def waiting(self) -> int:
        """How many are in line."""
        return len(self._line)

    def take(self, patience: float) -> None:
        """Return when it is one's turn, to be ended with :meth:`leave`; LLMUnavailable when it will not be within
        ``patience`` seconds."""
        with self._lock:
            self._count()
            if self._free:
                self._free -= 1
                return
            place = _Place()
            self._line.append(place)
            if len(self._line) > self._in_line:
                self._line.popleft().turn_away()
                self._uncount()
        if not place.is_decided.wait(patience) and self._gave_up(place):
            raise LLMUnavailable("LLM이 제시간에 답하지 않았습니다")
        if place.is_turned_away:
            raise LLMUnavailable("LLM에 질문이 몰려 이 질문은 묻지 않았습니다")

    def leave(self, *, asked: bool = True) -> None:
        """End a turn, in which the LLM was ``asked`` or not: the first in line has the next one."""
        with self._lock:
            if not asked:
                self._uncount()
            if self._line:
                self._line.popleft().is_decided.set()
            else:
                self._free += 1

    def _gave_up(self, place: "_Place") -> bool:
        """Whether a place was still waiting; False when its turn came in the last moment."""
        with self._lock:
            if place in self._line:
                self._line.remove(place)
                self._uncount()
                return True
            return False

    def _count(self) -> None:
        now = monotonic()
        while self._begun and self._begun[0] <= now - _MINUTE:
            self._begun.popleft()
        if len(self._begun) >= self._per_minute:
            raise LLMUnavailable(f"LLM에 1분에 물을 수 있는 질문 {self._per_minute}건을 다 썼습니다")
        self._begun.append(now)

    def _uncount(self) -> None:
        """Give back the latest of those counted: which one it was makes no difference for long."""
        if self._begun:
            self._begun.pop()


class _Place:
    """A place in the line."""

    def __init__(self) -> None:
        self.is_decided = threading.Event()
        self.is_turned_away = False

    def turn_away(self) -> None:
        self.is_turned_away = True
        self.is_decided.set()
