"""The tasks of one run on the submit side: their wrappers, and which have not told their end."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Callable, Optional

from parsl.monitoring.radios.htex import HTEXRadio
from parsl.monitoring.radios.udp import UDPRadio as ParslUDPRadio

from parsloscope.htex import DefaultRadio
from parsloscope.notice import logger
from parsloscope.radio import UDPRadio
from parsloscope_worker.outbox import ENDS
from parsloscope_worker.settings import MOST_BYTES, Settings
from parsloscope_worker.wrapper import TRY, Wrapper

# Parsl's serializer remembers 128 functions; more wrappers would save nothing.
_MOST_WRAPPERS = 128
# Bytes of a datagram: much above a network's packets each piece can be lost. Parsl's own receiver
# reads no more than 2,048.
_DATAGRAM_BYTES = 16_000
_PARSLS_DATAGRAM_BYTES = 2_048 - 64
# Seconds at the end of the run, after a task's last change of state: for the ends that come through
# this process, and for those that take other ways.
PATIENCE_S = 1.0
_ELSEWHERE_S = 0.2
_LOOK_S = 0.01
_ENDS = ENDS.encode()


class Tasks:
    """What is known of a run's tasks.

    Parameters
    ----------
    run_dir : str
        The run's folder, by which Parsl's messages of wrapping name it.
    """

    def __init__(self, run_dir: str) -> None:
        self.run_dir = run_dir
        self._lock = threading.Lock()
        self._settings: dict[int, Settings] = {}
        self._wrappers: OrderedDict[tuple[int, int], Wrapper] = OrderedDict()
        # Tries whose ends come by this process, and their ends.
        self._passing = 0
        self._passed = 0
        self._elsewhere = False
        self._changed = time.monotonic()

    def wrap(self, f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any],
             x_try_id: int, x_task_id: int, **arguments: Any,
             ) -> tuple[Callable[..., Any], Sequence[Any], dict[str, Any]]:
        """In the place of Parsl's `monitor_wrapper`, whose arguments it takes."""
        radio = arguments["radio_config"]
        with self._lock:
            settings = self._settings.get(id(radio))
            if settings is None:
                settings = self._settings[id(radio)] = _settings(arguments)
            name = (id(f), id(radio))
            wrapper = self._wrappers.get(name)
            if wrapper is None:
                # It keeps the function, so that no other one can have its id.
                wrapper = self._wrappers[name] = Wrapper(f, settings, True)
                if len(self._wrappers) > _MOST_WRAPPERS:
                    self._wrappers.popitem(last=False)
            else:
                self._wrappers.move_to_end(name)
            if isinstance(radio, HTEXRadio) and not _by_datagrams(radio):
                self._passing += 1
            else:
                self._elsewhere = True
        return wrapper, args, {**kwargs, TRY: f"{x_task_id}.{x_try_id}"}

    def changed(self) -> None:
        """A task has changed its state."""
        self._changed = time.monotonic()

    def saw(self, data: bytes) -> None:
        """A message of a worker has passed, still pickled."""
        at = data.find(_ENDS)
        if at >= 0:
            end = data.find(b";", at)
            count = data[at + len(_ENDS):end]
            self._passed += int(count) if count.isdigit() else 0
        elif b"ended" in data:
            self._passed += 1

    def settle(self) -> None:
        """Waits until the tries that have returned have told their ends, for a second at most."""
        deadline = self._changed + PATIENCE_S
        if self._elsewhere:
            self._sleep(self._changed + _ELSEWHERE_S)
        while self._passed < self._passing and time.monotonic() < deadline:
            self._sleep(min(deadline, time.monotonic() + _LOOK_S))

    @staticmethod
    def _sleep(until: float) -> None:
        time.sleep(max(0.0, until - time.monotonic()))


def _settings(arguments: dict[str, Any]) -> Settings:
    several = os.environ.get("PARSLOSCOPE_SEVERAL", "1") != "0"
    return Settings(arguments, _limit(arguments["radio_config"]), several)


def _limit(radio: object) -> int:
    """Bytes of the longest message that a radio takes."""
    if isinstance(radio, ParslUDPRadio):
        return _PARSLS_DATAGRAM_BYTES
    if isinstance(radio, UDPRadio) or _by_datagrams(radio):
        return _DATAGRAM_BYTES
    return MOST_BYTES


def _by_datagrams(radio: object) -> bool:
    return isinstance(radio, DefaultRadio) and radio.by_datagrams


def requested(task_record: Any) -> Optional[dict[str, Any]]:
    """What an app asked for, once for each try; None when nothing was asked for."""
    specification = task_record.get("resource_specification") or {}
    walltime = task_record["kwargs"].get("walltime")
    if not specification and walltime is None:
        return None
    if task_record.get("_parsloscope_told") == task_record["try_id"]:
        return None
    task_record["_parsloscope_told"] = task_record["try_id"]
    try:
        walltime_s = None if walltime is None else float(walltime)
    except (TypeError, ValueError):
        walltime_s = None
    if not isinstance(specification, dict):
        logger.info("A resource specification is no dict, and is not told")
        specification = {}
    return {"requested": {str(name): _plain(value) for name, value in specification.items()},
            "walltime_s": walltime_s}


def _plain(value: Any) -> Any:
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    # Numbers of other kinds, NumPy's too.
    for kind in (int, float):
        try:
            if kind(value) == value:
                return kind(value)
        except (TypeError, ValueError, OverflowError):
            pass
    return str(value)
