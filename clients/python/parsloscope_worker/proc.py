"""Files of /proc."""

import os
from typing import Optional

# rchar, wchar, read_bytes, write_bytes
IO = tuple[int, int, int, int]


def slurp(path: str) -> bytes:
    """The first 64 KiB of a file of /proc. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(handle, 65536)
    finally:
        os.close(handle)


def parse_io(text: bytes) -> IO:
    """The four counters of a file /proc/PID/io; children that were waited for are in them."""
    words = text.split()
    return int(words[1]), int(words[3]), int(words[9]), int(words[11])


class OpenFile:
    """A file of this process's /proc that stays open, which halves the cost of a reading.

    A task may close it, and have another file by its number: that is noticed before each use.
    """

    def __init__(self, path: str, flags: int) -> None:
        self._path = path
        self._flags = flags | os.O_CLOEXEC
        self._pid = 0
        self._handle = -1
        self._identity: Optional[tuple[int, int]] = None

    def read(self, size: int = 4096) -> bytes:
        """What stands there now. Raises OSError."""
        return os.pread(self._ready(), size, 0)

    def write(self, data: bytes) -> None:
        """Writes at the beginning. Raises OSError."""
        os.pwrite(self._ready(), data, 0)

    def _ready(self) -> int:
        if self._pid == os.getpid():
            try:
                found = os.fstat(self._handle)
                if (found.st_dev, found.st_ino) == self._identity:
                    return self._handle
            except OSError:
                pass
        self._pid = 0
        self._handle = os.open(self._path, self._flags)
        found = os.fstat(self._handle)
        self._identity = found.st_dev, found.st_ino
        # A forked process has its parent's handles, of its parent's files.
        self._pid = os.getpid()
        return self._handle
