"""What runs where Parsl's tasks run, for Parsloscope's MonitoringHub.

It needs nothing but Python, and at a task's first message Parsl. `wrapped` is what a pickled task
asks for; everything else is reached from there, and imported when it is needed.
"""

from typing import Any, Callable

__all__ = ["wrapped"]


def wrapped(f: Callable[..., Any], blob: bytes) -> Callable[..., Any]:
    """The monitored form of a task's function, on a worker.

    `blob` is what `parsloscope_worker.settings.Settings.blob` gave on the submit side.
    """
    from parsloscope_worker.settings import settings_of
    from parsloscope_worker.wrapper import Wrapper
    return Wrapper(f, settings_of(blob), False)
