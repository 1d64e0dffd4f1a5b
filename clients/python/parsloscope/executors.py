"""What HighThroughputExecutor does otherwise while a run of ours goes on.

Its interchange tells of managers when there is something new, and what it tells is received in a
thread of this process: Parsl's own ways cost more than the tasks' own messages do.
"""

import functools
import inspect
import os
import sys
from typing import Any, Callable

import parsl.executors.high_throughput.executor as htex
from parsl.executors.high_throughput import interchange
from parsl.executors.high_throughput.executor import HighThroughputExecutor

from parsloscope.nodes import NodeReceiver
from parsloscope.notice import logger
from parsloscope.queue import HubQueue

# What is put in Parsl's place: where, the name there, Parsl's own and ours.
Change = tuple[Any, str, Any, Any]

_PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "interchange.py")
_LAUNCH = ["interchange.py"]
# The end of Parsl's program in the releases that are known, without empty lines.
_MAIN = ['setproctitle("parsl: HTEX interchange")', "config = pickle.load(sys.stdin.buffer)",
         "ic = Interchange(**config)", "ic.start()"]


def changes() -> list[Change]:
    """What is to be changed; nothing where this Parsl is another one than those known."""
    found: list[Change] = []
    try:
        receiver = vars(htex)["start_zmq_receiver"]
        if {"monitoring_messages", "loopback_address",
                "port_range"} <= set(inspect.signature(receiver).parameters):
            found.append((htex, "start_zmq_receiver", receiver, _receiver(receiver)))
        start = HighThroughputExecutor._start_local_interchange_process
        if _is_known_program():
            found.append((HighThroughputExecutor, "_start_local_interchange_process", start,
                          _start(start)))
    except (AttributeError, KeyError, OSError, TypeError, ValueError):
        logger.info("HighThroughputExecutor is left as it is", exc_info=True)
    return found


def _receiver(own: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(own)
    def start_zmq_receiver(**arguments: Any) -> Any:
        queue = arguments["monitoring_messages"]
        if isinstance(queue, HubQueue):
            try:
                return NodeReceiver(queue, arguments["loopback_address"],
                                    arguments["port_range"], arguments.get("cert_dir"))
            except Exception:
                logger.exception("Parsl's process receives what interchanges say")
        return own(**arguments)
    return start_zmq_receiver


def _start(own: Callable[[Any], None]) -> Callable[[Any], None]:
    @functools.wraps(own)
    def _start_local_interchange_process(self: Any) -> None:
        command = self.interchange_launch_cmd
        if isinstance(self.monitoring_messages, HubQueue) and list(command) == _LAUNCH:
            self.interchange_launch_cmd = [sys.executable, _PROGRAM]
        try:
            own(self)
        finally:
            self.interchange_launch_cmd = command
    return _start_local_interchange_process


def _is_known_program() -> bool:
    """Whether our program does what Parsl's does."""
    if not sys.executable or list(
            inspect.signature(interchange.Interchange._send_monitoring_info).parameters) != [
            "self", "monitoring_radio", "manager"]:
        return False
    end = inspect.getsource(interchange).partition('\nif __name__ == "__main__":\n')[2]
    lines = [line.strip() for line in end.splitlines() if line.strip()]
    return [line for line in lines if not line.startswith("from parsl.utils import")] == _MAIN
