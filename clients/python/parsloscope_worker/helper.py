"""The helper of a worker: samples on time, tells what the worker told it, outlives it a little."""

import marshal
import os
import select
import time
from typing import Any, Optional

from parsloscope_worker.channel import LENGTH
from parsloscope_worker.ends import End
from parsloscope_worker.messages import Letterhead
from parsloscope_worker.outbox import Outbox
from parsloscope_worker.settings import Settings
from parsloscope_worker.slot import Slot
from parsloscope_worker.tries import Try
from parsloscope_worker.usage import Reading

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
        The end of the pipe in which the worker tells of ends.
    slot : Slot
        Where it notes the try that it has begun.
    worker : dict
        Which worker it is, as the messages tell it.
    """

    def __init__(self, settings: Settings, reading: int, slot: Slot,
                 worker: dict[str, Any]) -> None:
        self._settings = settings
        self._reading = reading
        self._slot = slot
        self._pid: int = worker["pid"]
        self._letters = Letterhead(settings, worker)
        self._outbox = Outbox(settings)
        self._buffer = b""
        self._tries: dict[tuple[int, int], Try] = {}
        self._poll = select.poll()
        self._poll.register(reading, select.POLLIN)
        self._watched = self._watch_worker()
        self._open = True
        # Ends of tries that were read the last time, and the last try that ended.
        self._ended = 0
        self._last: Optional[tuple[int, int]] = None

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
            self._look_at_slot()
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
        if due is None:
            timeout = self._sleep_until_woken(timeout)
        if self._poll.poll(None if timeout is None else timeout * 1000 + 0.5):
            self._slot.asleep = False

    def _sleep_until_woken(self, timeout: Optional[float]) -> Optional[float]:
        """The worker wakes us when it begins a try, from the next look at the slot on.

        It may have looked whether we sleep just before we said so, on another processor: only one
        who has slept a little may sleep for long.
        """
        if not self._slot.asleep:
            self._slot.asleep = True
            timeout = min(GATHER_MANY_S, GATHER_MANY_S if timeout is None else timeout)
        return 0.0 if self._slot.fresh else timeout

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
            if size > 0:
                self._take(End.of_plain(marshal.loads(self._buffer[start + LENGTH.size:end])))
            start = end
        self._buffer = self._buffer[start:]

    def _look_at_slot(self) -> None:
        """A try that has begun; one that has ended already was told of by its end."""
        note = self._slot.read()
        if note is not None and note[:2] != self._last:
            task_id, try_id, began, before = note
            self._tries[task_id, try_id] = Try(self._settings, self._pid, task_id, try_id, began,
                                               Reading(*before))

    def _take(self, end: End) -> None:
        self._ended += 1
        self._last = end.task_id, end.try_id
        said = end.said(self._pid)
        began: Optional[float] = end.began
        known = self._tries.pop(self._last, None)
        if known is None:
            said["samples_late"] = 0
        else:
            said = known.completed(said)
            began = None if known.told else end.began
        for message in self._letters.last(end.task_id, end.try_id, end.ended, began, said):
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


