"""What a try has used: the differences of two readings, by the names of the message."""

from typing import Any, Optional

from parsloscope_worker.proc import IO, parse_io
from parsloscope_worker.usage import (
    INVOLUNTARY,
    KNOWS_THREADS,
    PEAK,
    SYSTEM_S,
    USER_S,
    VOLUNTARY,
    Reading,
)


def totals(before: Reading, after: Reading, thread: bool) -> dict[str, Any]:
    """What was used between two readings; what is not known is None."""
    own, was = after.own, before.own
    said: dict[str, Any] = {
        "wall_s": after.clock - before.clock,
        "cpu_user_s": own[USER_S] - was[USER_S],
        "cpu_system_s": own[SYSTEM_S] - was[SYSTEM_S],
        "children_cpu_user_s": None,
        "children_cpu_system_s": None,
        **io_since(before, _parsed(after)),
        "switches_voluntary": own[VOLUNTARY] - was[VOLUNTARY],
        "switches_involuntary": own[INVOLUNTARY] - was[INVOLUNTARY],
        "memory_start_bytes": before.resident,
        "memory_peak_bytes": after.resident,
        "children_memory_peak_bytes": None,
    }
    if thread and not KNOWS_THREADS:
        for name in ("cpu_user_s", "cpu_system_s", "switches_voluntary", "switches_involuntary"):
            said[name] = None
    if before.children is not None and after.children is not None:
        said["children_cpu_user_s"] = after.children[USER_S] - before.children[USER_S]
        said["children_cpu_system_s"] = after.children[SYSTEM_S] - before.children[SYSTEM_S]
        # A child begins as a copy of this process: only what is above that, and above all
        # children before, is known to be its own.
        if after.children[PEAK] > max(before.children[PEAK], own[PEAK]):
            said["children_memory_peak_bytes"] = after.children[PEAK]
    return said


def io_since(before: Reading, now: Optional[IO]) -> dict[str, Optional[int]]:
    """Bytes read and written since a reading, which has itself read its text."""
    names = ("read_bytes", "written_bytes", "disk_read_bytes", "disk_written_bytes")
    was = _parsed(before)
    if was is None or before.io is None or now is None:
        return dict.fromkeys(names)
    was = (was[0] + len(before.io), *was[1:])
    return {name: max(0, b - a) for name, a, b in zip(names, was, now)}


def _parsed(reading: Reading) -> Optional[IO]:
    try:
        return None if reading.io is None else parse_io(reading.io)
    except (IndexError, ValueError):
        return None
