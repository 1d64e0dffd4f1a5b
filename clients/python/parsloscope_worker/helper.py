"""The helper of a worker: samples on time, tells what the worker told it, outlives it a little."""

import marshal
import os
import select
import time
from typing import Any, Optional

from parsloscope_worker.channel import LENGTH
from parsloscope_worker.messages import Letterhead
from parsloscope_worker.outbox import Outbox
from parsloscope_worker.settings import Settings
from parsloscope_worker.tries import Try

# What comes within this time travels together: usually, and when so many tries have ended within
# the last time that it would be a waste of everybody's time to tell of each few.
GATHER_S = 0.05
GATHER_MANY_S = 0.25
_MANY = 3
# The worker is looked for so often where the system does not tell of its end.
_GLANCE_S = 1.0
# For the last messages, when the radio fails.
_LAST_ATTEMPTS = 3


class Helper:
    """Reads what a worker writes, watches the worker, and sends.

    Parameters
    ----------
    settings : Settings
        Of the run and the executor.
    reading : int
        The end of the pipe that the worker writes to.
    worker : dict
        Which worker it is, as the messages tell it.
    """

    def __init__(self, settings: Settings, reading: int, worker: dict[str, Any]) -> None:
        self._settings = settings
        self._reading = reading
        self._pid: int = worker["pid"]
        self._letters = Letterhead(settings, worker)
        self._outbox = Outbox(settings)
        self._buffer = b""
        self._tries: dict[tuple[int, int], Try] = {}
        self._poll = select.poll()
        self._poll.register(reading, select.POLLIN)
        self._watched = self._watch_worker()
        self._open = True
        # Ends of tries that were read the last time.
        self._ended = 0

    def run(self) -> None:
        """Works until the worker has ended."""
        os.set_blocking(self._reading, False)
        self._start_node()
        awake = 0.0
        while True:
            self._wait(awake)
            awake = time.monotonic()
            dead = not self._alive()
            self._read()
            self._do_due(awake)
            if dead or not self._open:
                self._finish()
                return
            self._send()

    def _watch_worker(self) -> Optional[int]:
        """A handle that becomes readable at the worker's end, where the system has such."""
        try:
            handle = os.pidfd_open(self._pid)
        except (AttributeError, OSError):
            return None
        self._poll.register(handle, select.POLLIN)
        return handle

    def _wait(self, awake: float) -> None:
        """Sleeps until there is something to do, and some time at least."""
        now = time.monotonic()
        due = min((each.due for each in self._tries.values()), default=None)
        pause = awake + (GATHER_MANY_S if self._ended >= _MANY else GATHER_S) - now
        if due is not None:
            pause = min(pause, due - now)
        if pause > 0:
            time.sleep(pause)
        timeout = None if due is None else max(0.0, due - time.monotonic())
        if self._watched is None:
            timeout = _GLANCE_S if timeout is None else min(timeout, _GLANCE_S)
        if not self._outbox.empty:
            timeout = min(1.0, 1.0 if timeout is None else timeout)
        self._poll.poll(None if timeout is None else timeout * 1000 + 0.5)

    def _alive(self) -> bool:
        if self._watched is not None:
            only = select.poll()
            only.register(self._watched, select.POLLIN)
            return not only.poll(0)
        try:
            os.kill(self._pid, 0)
            return True
        except ProcessLookupError:
            return False
        except OSError:
            return True

    def _read(self) -> None:
        self._ended = 0
        while True:
            try:
                data = os.read(self._reading, 1 << 18)
            except BlockingIOError:
                break
            if not data:
                self._open = False
                break
            self._buffer += data
        start = 0
        while len(self._buffer) >= start + LENGTH.size:
            (size,) = LENGTH.unpack_from(self._buffer, start)
            end = start + LENGTH.size + size
            if len(self._buffer) < end:
                break
            self._take(marshal.loads(self._buffer[start + LENGTH.size:end]), end - start)
            start = end
        self._buffer = self._buffer[start:]

    def _take(self, record: tuple[Any, ...], size: int) -> None:
        kind, task_id, try_id, when, what = record
        if kind == "begin":
            self._tries[task_id, try_id] = Try(self._settings, self._pid, task_id, try_id, when,
                                               what, size)
            return
        self._ended += 1
        known = self._tries.pop((task_id, try_id), None)
        began = None
        if known is not None:
            what = known.completed(what)
            began = None if known.told else known.began
        for message in self._letters.last(task_id, try_id, when, began, what):
            self._outbox.add(message)

    def _do_due(self, now: float) -> None:
        for each in self._tries.values():
            if each.due <= now:
                try:
                    for message in each.act(self._letters, now):
                        self._outbox.add(message)
                except Exception:
                    # The process may have ended just now, or a counter may not be readable.
                    each.put_off(now)

    def _send(self) -> None:
        if not self._outbox.empty:
            try:
                self._outbox.flush()
            except Exception:
                pass

    def _finish(self) -> None:
        """The worker is gone: what it has not told the end of, was killed with it."""
        now = time.time()
        for each in self._tries.values():
            began = None if each.told else each.began
            try:
                for message in self._letters.last(each.task_id, each.try_id, now, began,
                                                  each.killed()):
                    self._outbox.add(message)
            except Exception:
                pass
        for _ in range(_LAST_ATTEMPTS):
            self._send()
            if self._outbox.empty:
                return
            time.sleep(0.2)

    def _start_node(self) -> None:
        if self._settings.interval > 0:
            try:
                from parsloscope_worker.node import watch_node
                watch_node(self._settings, self._letters, self._outbox)
            except Exception:
                pass


