"""The messages, as Parsl's readers and Parsloscope's hub expect them."""

import datetime
import os
import platform
from typing import Any, Optional

from parsloscope_worker.settings import Settings

# Kind, as Parsl's MessageType has it by value, and payload.
Message = tuple[int, dict[str, Any]]

RESOURCE_INFO = 1
WORKER_TASK_INFO = 5


def worker_facts() -> dict[str, Any]:
    """Which worker this process is."""
    return {
        "pid": os.getpid(),
        "rank": os.environ.get("PARSL_WORKER_RANK"),
        "manager": os.environ.get("PARSL_WORKER_POOL_ID"),
        "block": os.environ.get("PARSL_WORKER_BLOCK_ID"),
        "host": platform.node(),
    }


class Letterhead:
    """Makes the messages of one worker and run."""

    def __init__(self, settings: Settings, worker: dict[str, Any]) -> None:
        self._run_id = settings.run_id
        self._interval = settings.interval
        self._several = settings.several
        self._worker = worker

    def first(self, task_id: int, try_id: int, began: float) -> Message:
        """A try runs, since a time in seconds since 1970."""
        return WORKER_TASK_INFO, {**self._mark(task_id, try_id, began, True),
                                  "parsloscope": {"worker": self._worker}}

    def sample(self, task_id: int, try_id: int, sample: dict[str, Any],
               late_s: Optional[float] = None) -> Message:
        """What a try's process looks like now."""
        said = {"run_id": self._run_id, "task_id": task_id, "try_id": try_id,
                "hostname": self._worker["host"], "timestamp": datetime.datetime.now(),
                "resource_monitoring_interval": self._interval, **sample}
        if late_s is not None:
            said["parsloscope"] = {"late_s": late_s}
        return RESOURCE_INFO, said

    def last(self, task_id: int, try_id: int, ended: float, began: Optional[float],
             said: dict[str, Any]) -> list[Message]:
        """A try has ended; `began` when that was not told before. Seconds since 1970.

        It is one message, or as many as Parsl's own monitoring sends, where each is to be alone.
        """
        before: list[Message] = []
        ours: dict[str, Any] = {"worker": self._worker, **said}
        sample = ours.pop("sample", None)
        if began is not None and self._several:
            ours["began"] = datetime.datetime.fromtimestamp(began)
        elif began is not None:
            before.append(self.first(task_id, try_id, began))
        if sample is not None and self._several:
            ours["sample"] = {"resource_monitoring_interval": self._interval, **sample}
        elif sample is not None:
            before.append(self.sample(task_id, try_id, sample))
        return [*before, (WORKER_TASK_INFO, {**self._mark(task_id, try_id, ended, False),
                                             "parsloscope": ours})]

    def node(self, node: dict[str, Any], gpus: Optional[list[dict[str, Any]]]) -> Message:
        """How full the node is."""
        said: dict[str, Any] = {"node": node}
        if gpus is not None:
            said["gpus"] = gpus
        return RESOURCE_INFO, {"run_id": self._run_id, "hostname": self._worker["host"],
                               "timestamp": datetime.datetime.now(), "parsloscope": said}

    def _mark(self, task_id: int, try_id: int, when: float,
              first: bool) -> dict[str, Any]:
        return {"run_id": self._run_id, "try_id": try_id, "task_id": task_id,
                "hostname": self._worker["host"], "block_id": self._worker["block"],
                "first_msg": first, "last_msg": not first,
                "timestamp": datetime.datetime.fromtimestamp(when)}
