"""What this process, or this thread, has used so far, to the last microsecond and byte."""

import os
import resource
import time
from typing import Any, NamedTuple, Optional

_THREAD: Optional[int] = getattr(resource, "RUSAGE_THREAD", None)
# Bytes of ru_maxrss: Linux tells KiB, macOS bytes.
_MAXRSS_BYTES = 1 if os.uname().sysname == "Darwin" else 1024

# rchar, wchar, read_bytes, write_bytes
IO = tuple[int, int, int, int]


class Mark(NamedTuple):
    """The counters at the start of a try; plain values, as they go to another process."""

    clock: float
    own: tuple[float, float, int, int]
    children: Optional[tuple[float, float, int, int]]
    io: Optional[IO]
    # Bytes of resident memory; None where the high-water mark cannot be reset.
    resident: Optional[int]


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


def start(thread: bool) -> Mark:
    """The counters now. What we use ourselves comes before, or is left out."""
    resident = None if thread else _reset_peak()
    io = _io(thread, True)
    children = None if thread else _short(resource.getrusage(resource.RUSAGE_CHILDREN), True)
    clock = time.monotonic()
    return Mark(clock, _short(_own(thread)), children, io, resident)


def after(mark: Mark, written: int) -> Mark:
    """The mark when we have written so many bytes since, which are not the try's."""
    if mark.io is None:
        return mark
    read, wrote, disk_read, disk_wrote = mark.io
    return mark._replace(io=(read, wrote + written, disk_read, disk_wrote))


class Counted(NamedTuple):
    """What was used since a mark, and the readings that it was counted from.

    `totals` has the names of the message; what is not known is None.
    """

    totals: dict[str, Any]
    own: resource.struct_rusage
    children: Optional[resource.struct_rusage]
    io: Optional[IO]


def count(mark: Mark, thread: bool) -> Counted:
    """Reads the counters again."""
    own = _own(thread)
    clock = time.monotonic()
    io = None if mark.io is None else _io(thread, False)
    result: dict[str, Any] = {
        "wall_s": clock - mark.clock,
        "cpu_user_s": own.ru_utime - mark.own[0],
        "cpu_system_s": own.ru_stime - mark.own[1],
        "children_cpu_user_s": None,
        "children_cpu_system_s": None,
        **io_since(mark.io, io),
        "switches_voluntary": own.ru_nvcsw - mark.own[2],
        "switches_involuntary": own.ru_nivcsw - mark.own[3],
        "memory_start_bytes": mark.resident,
        "memory_peak_bytes": None,
        "children_memory_peak_bytes": None,
    }
    if _THREAD is None and thread:
        for name in ("cpu_user_s", "cpu_system_s", "switches_voluntary", "switches_involuntary"):
            result[name] = None
    children = None
    if mark.children is not None:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        _add_children(result, mark.children, own, children)
    if mark.resident is not None:
        result["memory_peak_bytes"] = _peak(own, mark.resident)
    return Counted(result, own, children, io)


def io_since(before: Optional[IO], now: Optional[IO]) -> dict[str, Optional[int]]:
    """The differences of two readings by the names of the message."""
    names = ("read_bytes", "written_bytes", "disk_read_bytes", "disk_written_bytes")
    if before is None or now is None:
        return dict.fromkeys(names)
    return {name: max(0, b - a) for name, a, b in zip(names, before, now)}


def _own(thread: bool) -> resource.struct_rusage:
    if thread and _THREAD is not None:
        return resource.getrusage(_THREAD)
    return resource.getrusage(resource.RUSAGE_SELF)


def _short(usage: resource.struct_rusage, children: bool = False) -> tuple[float, float, int, int]:
    if children:
        return usage.ru_utime, usage.ru_stime, usage.ru_minflt, usage.ru_maxrss
    return usage.ru_utime, usage.ru_stime, usage.ru_nvcsw, usage.ru_nivcsw


def _io(thread: bool, starts: bool) -> Optional[IO]:
    """The counters; at a start as they are after this very reading, which the next one counts."""
    try:
        text = slurp("/proc/thread-self/io" if thread else "/proc/self/io")
        read, wrote, disk_read, disk_wrote = parse_io(text)
        return read + len(text) if starts else read, wrote, disk_read, disk_wrote
    except (OSError, IndexError, ValueError):
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
        handle = os.open("/proc/self/clear_refs", os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(handle, b"5")
        finally:
            os.close(handle)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES
        if _floor is not None and most > _floor:
            return most
        resident = int(slurp("/proc/self/statm").split()[1]) * _PAGE_BYTES
        if _floor is None:
            _floor = most if most > resident + _SLACK_BYTES else 0
        return resident
    except (OSError, IndexError, ValueError):
        return None


def _peak(own: resource.struct_rusage, resident: int) -> Optional[int]:
    """The high-water mark since it was reset."""
    peak = own.ru_maxrss * _MAXRSS_BYTES
    if peak > (_floor or 0):
        return max(peak, resident)
    try:
        text = slurp("/proc/self/status")
        return max(resident, int(text.split(b"VmHWM:")[1].split(None, 1)[0]) * 1024)
    except (OSError, IndexError, ValueError):
        return None


def _add_children(result: dict[str, Any], before: tuple[float, float, int, int],
                  own: resource.struct_rusage, after: resource.struct_rusage) -> None:
    result["children_cpu_user_s"] = after.ru_utime - before[0]
    result["children_cpu_system_s"] = after.ru_stime - before[1]
    # A child begins as a copy of this process: only what is above that, and above all children
    # before, is known to be its own.
    if after.ru_maxrss > max(before[3], own.ru_maxrss):
        result["children_memory_peak_bytes"] = after.ru_maxrss * _MAXRSS_BYTES


_PAGE_BYTES = resource.getpagesize()
# Counters of memory are exact to some pages per processor only.
_SLACK_BYTES = 256 * 1024
