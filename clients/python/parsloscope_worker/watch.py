"""The start and the end of a try, in the process that runs it. Nothing here ever raises."""

import os
import threading
import time
from typing import Any, Optional

from parsloscope_worker import channel, look, trace, usage
from parsloscope_worker.ends import End
from parsloscope_worker.settings import Settings


class Watched:
    """A try that runs."""

    __slots__ = ("before", "began", "outlet", "pid", "settings", "task_id", "thread", "try_id")

    def __init__(self, settings: Settings, task_id: int, try_id: int, thread: bool) -> None:
        self.settings = settings
        self.task_id = task_id
        self.try_id = try_id
        self.thread = thread
        self.pid = os.getpid()
        # Seconds since 1970.
        self.began = time.time()
        self.outlet = channel.outlet_of(settings, direct=thread)
        self.before = usage.start(thread)
        if self.outlet.begin(task_id, try_id, self.began, self.before):
            # Telling it was not the try's.
            self.before = usage.start(thread)


# How many tries run in this process at once; the counters of a process belong to one.
_running = 0
_lock = threading.Lock()


def begin(settings: Settings, name: Optional[str], here: bool) -> Optional[Watched]:
    """Tells that the try "TASK.TRY" begins, and reads the counters; None when that failed.

    `here` tells that this is the submit process, so that what belongs to the process is not the
    try's alone.
    """
    global _running
    try:
        if name is None:
            return None
        task_id, _, try_id = name.partition(".")
        with _lock:
            _running += 1
            thread = here or _running > 1
        try:
            return Watched(settings, int(task_id), int(try_id), thread)
        except BaseException:
            _done()
            raise
    except Exception:
        return None


def end(watched: Optional[Watched], error: Optional[BaseException]) -> None:
    """Tells that a try has ended, and what it has used."""
    if watched is None or watched.pid != os.getpid():
        # A process that the task has forked comes by here, too.
        return
    try:
        after = usage.end(watched.before, watched.thread)
        stat, sample = None, None
        if watched.settings.interval > 0 and not watched.thread:
            stat, sample = _sample(after)
        watched.outlet.end(End(
            watched.task_id, watched.try_id, watched.began, time.time(), error is not None,
            watched.thread, watched.before, after, stat, sample,
            None if error is None else _traceback(error)))
    except Exception:
        pass
    finally:
        _done()


def error_of(result: object) -> Optional[BaseException]:
    """The error in what a function returned: Parsl's apps return theirs in a wrapper."""
    kind = type(result)
    if kind.__name__ != "RemoteExceptionWrapper" or not kind.__module__.startswith("parsl."):
        return None
    error = getattr(result, "e_value", None)
    return error if isinstance(error, BaseException) else None


def _done() -> None:
    global _running
    with _lock:
        _running -= 1


def _sample(after: usage.Reading) -> tuple[Optional[bytes], Optional[dict[str, Any]]]:
    """What a sample is made of, or a sample, where there are more processes to be looked at."""
    try:
        if look.LINUX and after.children is not None and not look.has_children():
            return usage.own_stat(), None
        return None, look.look(os.getpid()).sample()
    except Exception:
        return None, None


def _traceback(error: BaseException) -> dict[str, Any]:
    try:
        return trace.describe(error)
    except Exception as failed:
        return {"text": f"{type(error).__name__} (its traceback cannot be told: {failed!r})",
                "cut": 0}
