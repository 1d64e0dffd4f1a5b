"""How full a node is: one helper of a run samples it, whoever is elected."""

import os
import socket
import tempfile
import threading
import time
from typing import Any, Optional

from parsloscope_worker.gpu import Gpus
from parsloscope_worker.look import LINUX
from parsloscope_worker.messages import Letterhead
from parsloscope_worker.outbox import Outbox
from parsloscope_worker.proc import slurp
from parsloscope_worker.settings import Settings

# No node is sampled more often.
_LEAST_INTERVAL_S = 5.0
# Helpers that end before this, as those of workers with one task do, do not sample.
_FIRST_AFTER_S = 2.0


def watch_node(settings: Settings, letters: Letterhead, outbox: Outbox) -> None:
    """Samples the node in a thread, or waits there until its sampler has ended.

    A thread, as a driver may keep its caller waiting for seconds, and the worker's samples are not
    to be late.
    """
    threading.Thread(target=_run, args=(settings, letters, outbox), daemon=True).start()


def _run(settings: Settings, letters: Letterhead, outbox: Outbox) -> None:
    interval = max(settings.interval, _LEAST_INTERVAL_S)
    elected: Any = None
    time.sleep(min(_FIRST_AFTER_S, interval))
    while elected is None:
        elected = elect(settings.run_id)
        if elected is None:
            time.sleep(interval)
    meter = NodeMeter(settings.run_dir)
    gpus = Gpus()
    before = time.monotonic()
    # A first sample after a short while, for shares of time are of a time.
    time.sleep(min(1.0, interval))
    while True:
        now = time.monotonic()
        try:
            node = meter.sample()
            node["interval_s"] = now - before
            outbox.add(letters.node(node, gpus.sample()))
            outbox.flush()
        except Exception:
            # The next one may be better; a radio's failure leaves the message in the outbox.
            pass
        before = now
        time.sleep(max(0.0, interval - (time.monotonic() - now)))


def elect(run_id: str) -> Any:
    """Something to keep, if this process is the run's first of this user on this machine.

    None if another process is. The system takes it back at the process's end.
    """
    name = f"parsloscope-node-{run_id}-{os.getuid()}"
    if LINUX:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            sock.bind("\0" + name)
            return sock
        except OSError:
            sock.close()
            return None
    return _lock_file(os.path.join(tempfile.gettempdir(), name))


def _lock_file(path: str) -> Optional[int]:
    import fcntl
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return handle
    except OSError:
        os.close(handle)
        return None


class NodeMeter:
    """Reads the node's counters.

    Parameters
    ----------
    folder : str
        The run's folder, whose disk counts.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._times = _cpu_times()

    def sample(self) -> dict[str, Any]:
        """The node now, by the names of the message; None for what is not known."""
        times = _cpu_times()
        memory = _memory()
        total, free = _disk(self._folder)
        said = {
            "cpu_count": os.cpu_count(),
            "cpu_busy": _busy(self._times, times),
            "load_1m": _load(),
            "memory_total_bytes": memory.get("MemTotal"),
            "memory_available_bytes": memory.get("MemAvailable"),
            "swap_total_bytes": memory.get("SwapTotal"),
            "swap_used_bytes": None,
            "disk_total_bytes": total,
            "disk_free_bytes": free,
        }
        if "SwapTotal" in memory and "SwapFree" in memory:
            said["swap_used_bytes"] = memory["SwapTotal"] - memory["SwapFree"]
        self._times = times
        return said


# Seconds, or ticks, that all processors were busy, and that have passed for them.
_Times = Optional[tuple[float, float]]


def _cpu_times() -> _Times:
    try:
        if not LINUX:
            import psutil
            said = psutil.cpu_times()
            return sum(said) - said.idle, sum(said)
        words = slurp("/proc/stat").split(b"\n", 1)[0].split()[1:]
        # Guests are counted in user and nice already.
        ticks = [float(word) for word in words[:8]]
        idle = ticks[3] + ticks[4]
        return sum(ticks) - idle, sum(ticks)
    except Exception:
        return None


def _busy(before: _Times, now: _Times) -> Optional[float]:
    if before is None or now is None or now[1] <= before[1]:
        return None
    return min(1.0, max(0.0, (now[0] - before[0]) / (now[1] - before[1])))


def _load() -> Optional[float]:
    try:
        return os.getloadavg()[0]
    except OSError:
        return None


def _memory() -> dict[str, int]:
    """Bytes, by the names of /proc/meminfo."""
    try:
        if not LINUX:
            import psutil
            memory, swap = psutil.virtual_memory(), psutil.swap_memory()
            return {"MemTotal": memory.total, "MemAvailable": memory.available,
                    "SwapTotal": swap.total, "SwapFree": swap.free}
        found: dict[str, int] = {}
        for line in slurp("/proc/meminfo").splitlines():
            name, _, value = line.partition(b":")
            if name in (b"MemTotal", b"MemAvailable", b"SwapTotal", b"SwapFree"):
                found[name.decode()] = int(value.split()[0]) * 1024
        return found
    except Exception:
        return {}


def _disk(folder: str) -> tuple[Optional[int], Optional[int]]:
    try:
        said = os.statvfs(folder)
        return said.f_blocks * said.f_frsize, said.f_bavail * said.f_frsize
    except OSError:
        return None, None
