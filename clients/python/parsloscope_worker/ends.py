"""The end of a try, as its worker puts it down, and as the message says it."""

from typing import Any, NamedTuple, Optional

from parsloscope_worker import look
from parsloscope_worker.totals import totals
from parsloscope_worker.usage import Reading


class End(NamedTuple):
    """What a worker reads at the end of a try. It counts and writes nothing: others have time."""

    task_id: int
    try_id: int
    # Seconds since 1970.
    began: float
    ended: float
    raised: bool
    # Whether the counters are those of a thread.
    thread: bool
    before: Reading
    after: Reading
    # For a sample of the process alone, the text of its /proc/PID/stat; or else a sample.
    stat: Optional[bytes]
    sample: Optional[dict[str, Any]]
    traceback: Optional[dict[str, Any]]

    def plain(self) -> tuple[Any, ...]:
        """Only what `marshal` takes."""
        return (*self[:6], tuple(self.before), tuple(self.after), *self[8:])

    @classmethod
    def of_plain(cls, values: tuple[Any, ...]) -> "End":
        """What `plain` gave."""
        return cls._make((*values[:6], Reading(*values[6]), Reading(*values[7]), *values[8:]))

    def said(self, pid: int) -> dict[str, Any]:
        """What the message says of it, under the names that it has there. `pid` is the worker's."""
        counted = totals(self.before, self.after, self.thread)
        said: dict[str, Any] = {
            "ended": "raised" if self.raised else "returned",
            "totals": counted,
            "memory_peak": None if counted["memory_peak_bytes"] is None else "exact",
            "scope": "thread" if self.thread else "process",
        }
        sample = self.sample
        if self.stat is not None:
            try:
                sample = look.at_end(pid, self.after, self.stat).sample()
            except (IndexError, ValueError):
                pass
        if sample is not None:
            said["sample"] = sample
        if self.traceback is not None:
            said["traceback"] = self.traceback
        return said
