"""Frames on disk, for when memory is used up: first in, first out."""

import os
import secrets
from collections.abc import Iterator
from typing import BinaryIO, Optional

from parsloscope.files import open_file
from parsloscope.frames import LENGTH

SUFFIX = ".spill"


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
            self._file = os.fdopen(self._make(), "w+b", buffering=0)
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
            try:
                # Somebody may have put something else in its place.
                if os.path.samestat(os.fstat(self._file.fileno()), os.lstat(self.path)):
                    os.unlink(self.path)
            except OSError:
                pass
            self._file.close()
            self._file = None

    def _make(self) -> int:
        """Makes the file; by another name when something has this one."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
        try:
            return open_file(self.path, flags)
        except FileExistsError:
            stem = self.path[:-len(SUFFIX)] if self.path.endswith(SUFFIX) else self.path
            self.path = f"{stem}-{secrets.token_hex(8)}{SUFFIX}"
            return open_file(self.path, flags)

    def _exactly(self, size: int) -> bytes:
        assert self._file is not None
        data = b""
        while len(data) < size:
            more = self._file.read(size - len(data))
            if not more:
                raise OSError(f"{self.path} is shorter than it was")
            data += more
        return data
