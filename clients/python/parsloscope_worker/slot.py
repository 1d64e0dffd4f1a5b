"""The memory in which a worker notes the try that it runs, for its helper to see."""

import marshal
import mmap
import struct
import zlib
from typing import Any, Optional

_HEAD = struct.Struct("=II")
_BYTES = 4096
_ASLEEP = _BYTES - 1
_MOST = _ASLEEP - _HEAD.size


class Slot:
    """A note that one process writes and another one, forked from it, reads.

    Writing costs no call of the system, so that a short try costs its helper and its worker one
    only: that of its end.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _BYTES)
        self._crc = 0

    def write(self, note: tuple[Any, ...]) -> bool:
        """Replaces the note; tells whether the reader sleeps, and does not look."""
        body = marshal.dumps(note)
        if len(body) > _MOST:
            raise ValueError("the note is too long")
        head = _HEAD.pack(len(body), zlib.crc32(body))
        self._memory[:_HEAD.size + len(body)] = head + body
        return self._memory[_ASLEEP] == 1

    def read(self) -> Optional[tuple[Any, ...]]:
        """A note that was not read before, or None; also while one is being written."""
        size, crc = _HEAD.unpack(self._memory[:_HEAD.size])
        if crc == self._crc or not 0 < size <= _MOST:
            return None
        body = self._memory[_HEAD.size:_HEAD.size + size]
        if zlib.crc32(body) != crc:
            return None
        self._crc = crc
        note: tuple[Any, ...] = marshal.loads(body)
        return note

    @property
    def fresh(self) -> bool:
        """Whether there is a note that was not read, or that is being written."""
        size, crc = _HEAD.unpack(self._memory[:_HEAD.size])
        return bool(size > 0 and crc != self._crc)

    @property
    def asleep(self) -> bool:
        """Whether the reader does not look until it is woken; the reader sets it."""
        return self._memory[_ASLEEP] == 1

    @asleep.setter
    def asleep(self, asleep: bool) -> None:
        self._memory[_ASLEEP] = int(asleep)
