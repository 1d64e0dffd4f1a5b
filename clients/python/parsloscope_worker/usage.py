"""What this process, or this thread, has used so far, to the last microsecond and byte.

It is read here, at the start and the end of a try, and counted elsewhere.
"""

import os
import resource
import time
from typing import Final, NamedTuple, Optional

from parsloscope_worker.proc import OpenFile, slurp

_THREAD: Optional[int] = getattr(resource, "RUSAGE_THREAD", None)
# Whether a thread's own share of the processor can be known.
KNOWS_THREADS = _THREAD is not None
# Bytes of ru_maxrss: Linux tells KiB, macOS bytes.
MAXRSS_BYTES = 1 if os.uname().sysname == "Darwin" else 1024
_PAGE_BYTES = resource.getpagesize()
# Counters of memory are exact to some pages per processor only.
_SLACK_BYTES = 256 * 1024

_own_io = OpenFile("/proc/self/io", os.O_RDONLY)
_own_stat = OpenFile("/proc/self/stat", os.O_RDONLY)
_clear_refs = OpenFile("/proc/self/clear_refs", os.O_WRONLY)


# What getrusage tells, as far as it is used: seconds, bytes, and how often the processor was given
# away. A plain tuple, which goes to another process as it is.
Usage = tuple[float, float, int, int, int]
USER_S: Final = 0
SYSTEM_S: Final = 1
PEAK: Final = 2
VOLUNTARY: Final = 3
INVOLUNTARY: Final = 4


class Reading(NamedTuple):
    """The counters at one moment; plain values, as they go to another process."""

    # Seconds of the monotonic clock.
    clock: float
    own: Usage
    # Of children that were waited for; None in a thread, as they belong to the process.
    children: Optional[Usage]
    # The text of /proc/PID/io, which the next reading counts as read.
    io: Optional[bytes]
    # Bytes of resident memory: at a start those that are there, at an end the most since then.
    # None where the high-water mark cannot be reset, and in a thread.
    resident: Optional[int]


def start(thread: bool) -> Reading:
    """The counters now. What we use ourselves comes before, or is left out."""
    resident = None if thread else _reset_peak()
    io = _io(thread)
    children = None if thread else _usage(resource.RUSAGE_CHILDREN)
    clock = time.monotonic()
    return Reading(clock, _own(thread), children, io, resident)


def end(before: Reading, thread: bool) -> Reading:
    """The counters again, of which those of `before` are wanted only that are known."""
    own = _own(thread)
    clock = time.monotonic()
    io = None if before.io is None else _io(thread)
    children = None if before.children is None else _usage(resource.RUSAGE_CHILDREN)
    resident = None if before.resident is None else _peak(own, before.resident)
    return Reading(clock, own, children, io, resident)


def own_stat() -> bytes:
    """The text of /proc/self/stat. Raises OSError."""
    return _own_stat.read()


def _own(thread: bool) -> Usage:
    if thread and _THREAD is not None:
        return _usage(_THREAD)
    return _usage(resource.RUSAGE_SELF)


def _usage(who: int) -> Usage:
    told = resource.getrusage(who)
    return told[0], told[1], told[2] * MAXRSS_BYTES, told[14], told[15]


def _io(thread: bool) -> Optional[bytes]:
    try:
        return slurp("/proc/thread-self/io") if thread else _own_io.read()
    except OSError:
        return None


# What ru_maxrss is at least, whatever the process has now; None as long as it is not known.
_floor: Optional[int] = None


def _reset_peak() -> Optional[int]:
    """Sets the high-water mark of resident memory to what is resident now, and tells it.

    ru_maxrss is that mark, or what there was before the process became this program, if that is
    more; it costs less than a file of /proc.
    """
    global _floor
    try:
        _clear_refs.write(b"5")
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_BYTES
        if _floor is not None and most > _floor:
            return most
        resident = int(slurp("/proc/self/statm").split()[1]) * _PAGE_BYTES
        if _floor is None:
            _floor = most if most > resident + _SLACK_BYTES else 0
        return resident
    except (OSError, IndexError, ValueError):
        return None


def _peak(own: Usage, resident: int) -> Optional[int]:
    """The high-water mark since it was reset."""
    if own[PEAK] > (_floor or 0):
        return max(own[PEAK], resident)
    try:
        text = slurp("/proc/self/status")
        return max(resident, int(text.split(b"VmHWM:")[1].split(None, 1)[0]) * 1024)
    except (OSError, IndexError, ValueError):
        return None
