"""One try as a worker's helper sees it from outside."""

from typing import Any, Optional

from parsloscope_worker.look import LINUX, Look, look
from parsloscope_worker.messages import Letterhead, Message
from parsloscope_worker.settings import Settings
from parsloscope_worker.totals import io_since
from parsloscope_worker.usage import SYSTEM_S, USER_S, Reading

# A try that lasts longer than this is told to run before it has ended.
TOLD_AFTER_S = 0.2
# A descendant is found by a look. They are frequent at first, and come each _LOOKS_S in the end.
_FIRST_LOOK_S = 0.05
_LOOKS_S = 5.0
_LOOKS_SHARE = 0.1
# A sample that was taken so much later than it was due is marked so.
LATE_S = 0.25


class Try:
    """A try that runs, in the process `pid`, since a reading of its counters.

    Its times are those of the monotonic clock, but for `began`, in seconds since 1970.
    """

    def __init__(self, settings: Settings, pid: int, task_id: int, try_id: int,
                 began: float, mark: Reading) -> None:
        self.task_id = task_id
        self.try_id = try_id
        self.began = began
        # Whether its start was sent.
        self.told = False
        self._pid = pid
        self._mark = mark
        self._interval = settings.interval
        self._start = self._mark.clock
        self._samples = 0
        self._late = 0
        self._next_look = self._start + _FIRST_LOOK_S
        self._last: Optional[Look] = None
        self._descendant_peak: Optional[int] = None
        self._peak: Optional[int] = None

    @property
    def due(self) -> float:
        """When there is something to be done."""
        at = self._sample_due if self.told else self._start + TOLD_AFTER_S
        return min(at, self._next_look)

    @property
    def _sample_due(self) -> float:
        if self._interval <= 0:
            return float("inf")
        return self._start + self._samples * self._interval

    def act(self, letters: Letterhead, now: float) -> list[Message]:
        """Does what is due, and gives what is to be sent."""
        messages = []
        if not self.told and now >= self._start + TOLD_AFTER_S:
            self.told = True
            messages.append(letters.first(self.task_id, self.try_id, self.began))
        seen = self._look(now)
        if self.told and now >= self._sample_due:
            # The first one is of the start.
            late = now - self._sample_due if self._samples else 0.0
            passed = int((now - self._start) / self._interval)
            self._samples = passed + 1
            if late > LATE_S:
                self._late += 1
            messages.append(letters.sample(self.task_id, self.try_id, seen.sample(),
                                           late if late > LATE_S else None))
        return messages

    def put_off(self, now: float) -> None:
        """After a failure: the next attempt is not at once."""
        self.told = True
        self._next_look = now + _LOOKS_S
        if self._interval > 0:
            self._samples = int((now - self._start) / self._interval) + 1

    def completed(self, said: dict[str, Any]) -> dict[str, Any]:
        """What the worker said of the end, and what only the helper has seen."""
        totals = said["totals"]
        if totals.get("children_memory_peak_bytes") is None:
            totals["children_memory_peak_bytes"] = self._descendant_peak
        if totals.get("memory_peak_bytes") is None and self._peak is not None:
            totals["memory_peak_bytes"] = self._peak
            said["memory_peak"] = "sampled"
        said["samples_late"] = self._late
        return said

    def killed(self) -> dict[str, Any]:
        """What is known of a try whose process has ended before it."""
        last = self._last_words()
        totals: dict[str, Any] = dict.fromkeys((
            "wall_s", "cpu_user_s", "cpu_system_s", "children_cpu_user_s",
            "children_cpu_system_s", "switches_voluntary", "switches_involuntary"))
        totals.update(io_since(self._mark, None if last is None else last.io))
        totals["memory_start_bytes"] = self._mark.resident
        totals["memory_peak_bytes"] = self._peak
        totals["children_memory_peak_bytes"] = self._descendant_peak
        said = {"ended": "killed", "totals": totals, "scope": "process",
                "memory_peak": None if self._peak is None else "sampled",
                "samples_late": self._late}
        if last is not None:
            user, system, children_user, children_system, _ = last.own
            before, own = self._mark.children, self._mark.own
            totals["wall_s"] = last.clock - self._start
            totals["cpu_user_s"] = max(0.0, user - own[USER_S])
            totals["cpu_system_s"] = max(0.0, system - own[SYSTEM_S])
            if before is not None:
                totals["children_cpu_user_s"] = max(0.0, children_user - before[USER_S])
                totals["children_cpu_system_s"] = max(0.0, children_system - before[SYSTEM_S])
        return said

    def _look(self, now: float) -> Look:
        seen = look(self._pid)
        self._last = seen
        if seen.descendant_peak is not None:
            self._descendant_peak = max(seen.descendant_peak, self._descendant_peak or 0)
        peak = seen.own[4] if seen.peak is None else seen.peak
        if peak > 0:
            # A process that has ended has no memory, though its parent has not waited for it.
            self._peak = max(peak, self._peak or 0)
        wait = max(_FIRST_LOOK_S, _LOOKS_SHARE * (now - self._start))
        self._next_look = now + min(_LOOKS_S, wait)
        return seen

    def _last_words(self) -> Optional[Look]:
        """A process that has ended keeps its counters until somebody has waited for it."""
        if LINUX:
            try:
                seen = look(self._pid)
                if self._last is None or seen.own[0] >= self._last.own[0]:
                    if seen.io is None and self._last is not None:
                        seen.io = self._last.io
                    return seen
            except (OSError, ValueError, IndexError):
                pass
        return self._last
