"""The way from the process that runs tries to the radio: through its helper, or directly."""

import marshal
import os
import struct
import threading
from typing import Protocol

from parsloscope_worker import daemon
from parsloscope_worker.ends import End
from parsloscope_worker.messages import Letterhead, Message, worker_facts
from parsloscope_worker.outbox import Outbox
from parsloscope_worker.settings import Settings
from parsloscope_worker.slot import Slot
from parsloscope_worker.usage import Reading

LENGTH = struct.Struct("=I")
# The second helper is for one that was killed; a third one would be, too.
_MOST_HELPERS = 3
_PIPE_BYTES = 256 * 1024
# Bytes of records that wait while the helper does not read.
_MOST_WAITING = 16 * 1024 * 1024


class Outlet(Protocol):
    """Where starts and ends of tries are told."""

    def begin(self, task_id: int, try_id: int, began: float, before: Reading) -> bool:
        """A try begins; whether telling it has changed the counters."""

    def end(self, end: End) -> None:
        """A try has ended."""


class Direct:
    """Sends by the radio itself, at once: for threads, and where there can be no helper."""

    def __init__(self, settings: Settings) -> None:
        self._outbox = Outbox(settings)
        self._letters = Letterhead(settings, worker_facts())

    def begin(self, task_id: int, try_id: int, began: float, before: Reading) -> bool:
        """Sends that a try begins."""
        self._send([self._letters.first(task_id, try_id, began)])
        return True

    def end(self, end: End) -> None:
        """Sends that a try has ended."""
        said = {"samples_late": 0, **end.said(os.getpid())}
        self._send(self._letters.last(end.task_id, end.try_id, end.ended, None, said))

    def _send(self, messages: list[Message]) -> None:
        for message in messages:
            self._outbox.add(message)
        self._outbox.flush()


class Channel:
    """A pipe to a helper process, which does all that takes time, and a slot that it looks at.

    A write never waits. What the pipe does not take is written with the next record. An empty
    record wakes a helper that does not look at the slot by itself.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._waiting = b""
        self._helpers = 0
        self._slot = Slot()
        self._start()

    def begin(self, task_id: int, try_id: int, began: float, before: Reading) -> bool:
        """Notes that a try begins."""
        asleep = self._slot.write((task_id, try_id, began, tuple(before)))
        if asleep:
            self._write(b"")
        return asleep

    def end(self, end: End) -> None:
        """Tells the helper that a try has ended."""
        # Read by the same interpreter, and much faster than pickle.
        self._write(marshal.dumps(end.plain()))

    def _write(self, body: bytes) -> None:
        with self._lock:
            if len(self._waiting) < _MOST_WAITING:
                self._waiting += LENGTH.pack(len(body)) + body
            try:
                self._push()
            except OSError:
                # The helper is gone, or the task has closed what is not its own.
                if self._helpers >= _MOST_HELPERS:
                    raise
                self._start()
                self._push()

    def _push(self) -> None:
        """Writes what the pipe takes. Raises OSError when it is not our pipe any more."""
        found = os.fstat(self._handle)
        if (found.st_dev, found.st_ino) != self._identity:
            raise OSError("another file has the pipe's number")
        try:
            written = os.write(self._handle, self._waiting)
        except BlockingIOError:
            return
        self._waiting = self._waiting[written:]

    def _start(self) -> None:
        self._helpers += 1
        reading, self._handle = os.pipe()
        try:
            _enlarge(self._handle)
            os.set_blocking(self._handle, False)
            found = os.fstat(self._handle)
            self._identity = (found.st_dev, found.st_ino)
            daemon.start(self._settings, reading, self._slot)
        finally:
            os.close(reading)


def _enlarge(handle: int) -> None:
    try:
        import fcntl
        fcntl.fcntl(handle, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except (AttributeError, OSError):
        pass


# By process, as a forked one must not use its parent's pipe.
_outlets: dict[tuple[int, int, bool], tuple[Settings, Outlet]] = {}
_lock = threading.Lock()


def outlet_of(settings: Settings, *, direct: bool) -> Outlet:
    """The outlet of this process; its first one starts the helper."""
    name = (os.getpid(), id(settings), direct)
    found = _outlets.get(name)
    if found is None:
        with _lock:
            found = _outlets.get(name)
            if found is None:
                found = _outlets[name] = (settings, _make(settings, direct))
    return found[1]


def _make(settings: Settings, direct: bool) -> Outlet:
    if not direct and hasattr(os, "fork"):
        try:
            return Channel(settings)
        except OSError:
            pass
    return Direct(settings)
