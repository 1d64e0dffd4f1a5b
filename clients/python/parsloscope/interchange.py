"""HighThroughputExecutor's interchange, which tells of a manager when there is something new.

Parsl's own tells of its manager twice for each task, which costs more than all else that is known
of the task. This file is run as a program, in the place of Parsl's `interchange.py`.
"""

import sys

if __name__ == "__main__":
    # The folder of this file, whose modules have names of Python's own.
    del sys.path[0]

import os
import pickle
import time
from typing import Any, Callable

# Though nothing is new, a manager is told of as Parsl does so many times, and then so often.
AT_FIRST = 8
REFRESH_S = 5.0
# What is new, when it differs.
_TOLD = ("active", "draining", "worker_count", "max_capacity", "block_id", "hostname")


def told_seldom(own: Callable[[Any, Any, Any], None]) -> Callable[[Any, Any, Any], None]:
    """Parsl's `Interchange._send_monitoring_info`, for what is new, and else seldom."""
    # By manager: what was told, when, and how often without anything new.
    last: dict[Any, tuple[tuple[Any, ...], float, int]] = {}

    def _send_monitoring_info(self: Any, monitoring_radio: Any, manager: Any) -> None:
        if not monitoring_radio:
            return
        now = time.monotonic()
        name = manager.get("uid") or id(manager)
        state = tuple(manager.get(word) for word in _TOLD)
        before = last.get(name)
        repeated = 0
        if before is not None and before[0] == state:
            repeated = before[2] + 1
            if repeated > AT_FIRST and now - before[1] < REFRESH_S:
                return
        last[name] = (state, now, repeated)
        own(self, monitoring_radio, manager)

    return _send_monitoring_info


def main() -> None:
    """As the end of Parsl's own program."""
    try:
        from parsl.executors.high_throughput.interchange import Interchange
        from parsl.utils import setproctitle
    except ImportError:
        # Another Python than that of Parsl's programs.
        os.execvp("interchange.py", ["interchange.py"])
    own = Interchange._send_monitoring_info
    setattr(Interchange, "_send_monitoring_info", told_seldom(own))  # noqa: B010
    setproctitle("parsl: HTEX interchange")
    config = pickle.load(sys.stdin.buffer)
    Interchange(**config).start()


if __name__ == "__main__":
    main()
