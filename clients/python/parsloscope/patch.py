"""What is put in the place of Parsl's own while a run of ours goes on, and taken back."""

import functools
import inspect
import threading
from typing import Any, Callable

import parsl.dataflow.dflow as dflow
from parsl.dataflow.dflow import DataFlowKernel

from parsloscope import executors
from parsloscope.notice import logger
from parsloscope.tasks import Tasks, requested

# Of Parsl's monitor_wrapper, in each release from July 2025 on.
_ARGUMENTS = {"f", "args", "kwargs", "x_try_id", "x_task_id", "radio_config", "run_id",
              "logging_level", "sleep_dur", "monitor_resources", "run_dir"}

_lock = threading.Lock()
# By the run's folder, as the DataFlowKernel names it.
_runs: dict[str, Tasks] = {}
# Where, the name there, Parsl's own and ours.
_patched: list[tuple[Any, str, Any, Any]] = []


def begin(tasks: Tasks) -> bool:
    """Tasks of this run get our wrapper from now on; False when this Parsl is another one."""
    with _lock:
        if not _runs and not _put():
            return False
        _runs[tasks.run_dir] = tasks
        return True


def end(tasks: Tasks) -> None:
    """The run is over; after the last one Parsl is as it was."""
    with _lock:
        if _runs.pop(tasks.run_dir, None) is None or _runs:
            return
        while _patched:
            where, name, own, ours = _patched.pop()
            # Somebody else may have put something there since.
            if getattr(where, name) is ours:
                setattr(where, name, own)


def _put() -> bool:
    try:
        wrapper = vars(dflow)["monitor_wrapper"]
        info = DataFlowKernel._create_task_log_info
        cleanup = DataFlowKernel.cleanup
        known = set(inspect.signature(wrapper).parameters) == _ARGUMENTS
        known = known and list(inspect.signature(info).parameters) == ["self", "task_record"]
    except (AttributeError, KeyError, TypeError, ValueError):
        known = False
    if not known:
        logger.warning("This release of Parsl is not known here, so that its own wrapper of tasks "
                       "is used: monitoring costs what Parsl's does")
        return False
    for where, name, own, ours in ((dflow, "monitor_wrapper", wrapper, _wrapper(wrapper)),
                                   (DataFlowKernel, "_create_task_log_info", info, _info(info)),
                                   (DataFlowKernel, "cleanup", cleanup, _cleanup(cleanup)),
                                   *executors.changes()):
        setattr(where, name, ours)
        _patched.append((where, name, own, ours))
    return True


def _wrapper(own: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(own)
    def monitor_wrapper(**arguments: Any) -> Any:
        tasks = _runs.get(arguments["run_dir"])
        return own(**arguments) if tasks is None else tasks.wrap(**arguments)
    return monitor_wrapper


def _info(own: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    @functools.wraps(own)
    def _create_task_log_info(self: Any, task_record: Any) -> dict[str, Any]:
        said = own(self, task_record)
        tasks = _runs.get(self.run_dir)
        if tasks is not None:
            tasks.changed()
            try:
                asked = requested(task_record)
                if asked is not None:
                    said["parsloscope"] = asked
            except Exception:
                logger.exception("What a task asked for could not be told")
        return said
    return _create_task_log_info


def _cleanup(own: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(own)
    def cleanup(self: Any) -> Any:
        tasks = _runs.get(self.run_dir)
        if tasks is not None:
            tasks.settle()
        return own(self)
    return cleanup
