"""One look at a process and its descendants, from /proc or, elsewhere, by psutil."""

import os
import time
from typing import Any, Optional

from parsloscope_worker.proc import parse_io, slurp
from parsloscope_worker.usage import INVOLUNTARY, SYSTEM_S, USER_S, VOLUNTARY, Reading

LINUX = os.path.exists("/proc/self/stat")
# More descendants than these are not looked at one by one.
_MOST_DESCENDANTS = 2_000
_STATES = {"R": "running", "S": "sleeping", "D": "disk-sleep", "T": "stopped", "t": "tracing-stop",
           "Z": "zombie", "X": "dead", "x": "dead", "K": "wake-kill", "W": "waking", "I": "idle",
           "P": "parked"}


class Look:
    """What a process and its living descendants have used; those waited for are counted, too."""

    def __init__(self, pid: int) -> None:
        self.clock = time.monotonic()
        self.pid = pid
        self.children = 0
        self.user_s = 0.0
        self.system_s = 0.0
        self.virtual = 0
        self.resident = 0
        # Of the process alone: user_s, system_s, those of children waited for, and resident bytes.
        self.own: tuple[float, float, float, float, int] = (0.0, 0.0, 0.0, 0.0, 0)
        self.threads: Optional[int] = None
        self.cpu: Optional[int] = None
        self.state: Optional[str] = None
        # Both are None when they cannot be read.
        self.io: Optional[tuple[int, int, int, int]] = None
        self.switches: Optional[tuple[int, int]] = None
        # The high-water marks: of the process, and the largest of a descendant.
        self.peak: Optional[int] = None
        self.descendant_peak: Optional[int] = None

    def sample(self) -> dict[str, Any]:
        """By the names of Parsl's table `resource`, as its own sampler sums them up."""
        total = _memory_total()
        said: dict[str, Any] = {
            "psutil_process_pid": self.pid,
            "psutil_process_memory_percent": 100 * self.resident / total if total else None,
            "psutil_process_children_count": self.children,
            "psutil_process_time_user": self.user_s,
            "psutil_process_time_system": self.system_s,
            "psutil_process_memory_virtual": self.virtual,
            "psutil_process_memory_resident": self.resident,
            "psutil_process_disk_read": None if self.io is None else self.io[0],
            "psutil_process_disk_write": None if self.io is None else self.io[1],
            "psutil_process_status": self.state,
            "psutil_process_num_threads": self.threads,
            "psutil_cpu_num": self.cpu,
            "psutil_cpu_count": _CPUS,
        }
        if self.switches is not None:
            said["psutil_process_num_ctx_switches_voluntary"] = self.switches[0]
            said["psutil_process_num_ctx_switches_involuntary"] = self.switches[1]
        return said


def look(pid: int) -> Look:
    """Looks now. Raises OSError, ValueError or one of psutil's when there is no such process."""
    if not LINUX:
        return _by_psutil(pid)
    seen = Look(pid)
    _add(seen, pid, True)
    waiting = descendants(pid)
    for child in waiting:
        try:
            _add(seen, child, False)
        except (OSError, ValueError, IndexError):
            # It has ended meanwhile.
            pass
    return seen


def at_end(pid: int, reading: Reading, stat: bytes) -> Look:
    """The same of a process without children, from its reading and its /proc/PID/stat.

    Raises ValueError or IndexError when the texts are not as they should be.
    """
    seen = Look(pid)
    own, children = reading.own, reading.children
    words = stat.rpartition(b")")[2].split()
    seen.user_s, seen.system_s = own[USER_S], own[SYSTEM_S]
    if children is not None:
        seen.user_s += children[USER_S]
        seen.system_s += children[SYSTEM_S]
    seen.virtual = int(words[20])
    seen.resident = int(words[21]) * _PAGE_BYTES
    seen.threads = int(words[17])
    seen.cpu = int(words[36])
    seen.state = _STATES.get(words[0].decode())
    seen.io = None if reading.io is None else parse_io(reading.io)
    seen.switches = (own[VOLUNTARY], own[INVOLUNTARY])
    return seen


def has_children() -> bool:
    """Whether this process has any child, which is not waited for. Linux only."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return True
    except ChildProcessError:
        return False


def descendants(pid: int) -> list[int]:
    """The living descendants of a process, the nearest first."""
    found: list[int] = []
    waiting = [pid]
    while waiting and len(found) < _MOST_DESCENDANTS:
        children = _children(waiting.pop())
        found += children
        waiting += children
    return found


def _children(pid: int) -> list[int]:
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []
    found: list[int] = []
    for task in tasks:
        try:
            found += map(int, slurp(f"/proc/{pid}/task/{task}/children").split())
        except OSError:
            pass
    return found


def _add(seen: Look, pid: int, first: bool) -> None:
    # The name in parentheses may hold anything.
    words = slurp(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    times = [int(word) / _TICKS for word in words[11:15]]
    resident = int(words[21]) * _PAGE_BYTES
    seen.user_s += times[0] + times[2]
    seen.system_s += times[1] + times[3]
    seen.virtual += int(words[20])
    seen.resident += resident
    if first:
        seen.own = (times[0], times[1], times[2], times[3], resident)
        seen.threads = int(words[17])
        seen.cpu = int(words[36])
        seen.state = _STATES.get(words[0].decode())
    else:
        seen.children += 1
    try:
        io = parse_io(slurp(f"/proc/{pid}/io"))
        if first:
            seen.io = io
        elif seen.io is not None:
            a, b = seen.io, io
            seen.io = (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3])
    except (OSError, ValueError, IndexError):
        pass
    _add_status(seen, pid, first)


def _add_status(seen: Look, pid: int, first: bool) -> None:
    try:
        text = slurp(f"/proc/{pid}/status")
        tail = text[text.rindex(b"voluntary_ctxt_switches", 0, text.rindex(b"nonvoluntary")):]
        words = tail.split()
        before = (0, 0) if first or seen.switches is None else seen.switches
        seen.switches = (before[0] + int(words[1]), before[1] + int(words[3]))
        if b"VmHWM:" in text:
            peak = int(text.split(b"VmHWM:")[1].split(None, 1)[0]) * 1024
            if first:
                seen.peak = peak
            else:
                seen.descendant_peak = max(peak, seen.descendant_peak or 0)
    except (OSError, ValueError, IndexError):
        pass


def _by_psutil(pid: int) -> Look:
    import psutil
    seen = Look(pid)
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    for each in family:
        try:
            times, memory = each.cpu_times(), each.memory_info()
        except psutil.Error:
            if each is process:
                raise
            continue
        seen.user_s += times.user + getattr(times, "children_user", 0.0)
        seen.system_s += times.system + getattr(times, "children_system", 0.0)
        seen.virtual += memory.vms
        seen.resident += memory.rss
        if each is process:
            seen.own = (times.user, times.system, getattr(times, "children_user", 0.0),
                        getattr(times, "children_system", 0.0), memory.rss)
        else:
            seen.children += 1
            seen.descendant_peak = max(memory.rss, seen.descendant_peak or 0)
    seen.threads = process.num_threads()
    seen.state = process.status()
    counted = process.num_ctx_switches()
    seen.switches = (counted.voluntary, counted.involuntary)
    return seen


_total: Optional[int] = None


def _memory_total() -> Optional[int]:
    global _total
    if _total is None:
        try:
            _total = os.sysconf("SC_PHYS_PAGES") * _PAGE_BYTES
        except (OSError, ValueError):
            return None
    return _total


_CPUS = os.cpu_count()
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
