"""Frames on disk, for when memory is used up: first in, first out."""

import os
from collections.abc import Iterator
from typing import BinaryIO, Optional

from parsloscope.files import need_file
from parsloscope.frames import LENGTH


class Spill:
    """A queue of frames in one file, which exists only while it holds something."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file: Optional[BinaryIO] = None
        self._read = 0
        self._end = 0

    def __bool__(self) -> bool:
        """Whether it holds a frame."""
        return self._read < self._end

    def append(self, frame: bytes) -> None:
        """Writes one frame at the end. Raises OSError when the disk is full."""
        if self._file is None:
            os.makedirs(os.path.dirname(self.path) or ".", exist_ok=True)
            need_file(self.path)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(handle, "w+b", buffering=0)
            self._read = self._end = 0
        self._file.seek(self._end)
        rest = memoryview(frame)
        while rest:
            rest = rest[self._file.write(rest):]
        self._end += len(frame)

    def pop(self) -> bytes:
        """The oldest frame. Raises OSError when it cannot be read."""
        assert self._file is not None
        self._file.seek(self._read)
        head = self._exactly(LENGTH.size)
        frame = head + self._exactly(LENGTH.unpack(head)[0])
        self._read += len(frame)
        if self._read >= self._end:
            self.clear()
        return frame

    def drain(self) -> Iterator[bytes]:
        """All frames, oldest first."""
        while self:
            yield self.pop()

    def clear(self) -> None:
        """Forgets everything and removes the file."""
        self._read = self._end = 0
        if self._file is not None:
            self._file.close()
            self._file = None
            try:
                os.unlink(self.path)
            except OSError:
                pass

    def _exactly(self, size: int) -> bytes:
        assert self._file is not None
        data = b""
        while len(data) < size:
            more = self._file.read(size - len(data))
            if not more:
                raise OSError(f"{self.path} is shorter than it was")
            data += more
        return data
