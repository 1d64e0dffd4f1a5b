"""Workers for tests: fresh interpreters that run packed calls, and a radio that fills a file."""

import json
import os
import pickle
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Callable, Optional

from parsl.monitoring.radios.base import (
    MonitoringRadioReceiver,
    MonitoringRadioSender,
    RadioConfig,
)
from parsl.serialize import pack_apply_message

from parsloscope.tasks import Tasks
from tests.support import InFolder, eventually, unpickle_all

ROOT = Path(__file__).resolve().parents[1]

# Runs packed calls one after the other, as an HTEX worker does, and prints what each gave.
RUNNER = """
import json, os, sys
from parsl.serialize import unpack_apply_message
from parsl.app.errors import RemoteExceptionWrapper
os.environ["PARSL_WORKER_RANK"] = "3"
os.environ["PARSL_WORKER_POOL_ID"] = "manager"
os.environ["PARSL_WORKER_BLOCK_ID"] = "7"
{prelude}
for path in sys.argv[1:]:
    try:
        f, args, kwargs = unpack_apply_message(open(path, "rb").read())
        gave = f(*args, **kwargs)
        if isinstance(gave, RemoteExceptionWrapper):
            gave = ["raised", repr(gave.e_value)]
    except Exception as error:
        gave = ["raised", repr(error)]
    print(json.dumps(gave), flush=True)
"""


class FileRadio(RadioConfig):
    """Appends each message to a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def create_receiver(self, *, run_dir: str, resource_msgs: Any) -> MonitoringRadioReceiver:
        raise NotImplementedError

    def create_sender(self) -> MonitoringRadioSender:
        return FileSender(self.path)


class FileSender(MonitoringRadioSender):
    def __init__(self, path: str) -> None:
        self._path = path

    def send(self, message: object) -> None:
        with open(self._path, "ab", buffering=0) as file:
            file.write(pickle.dumps(message))


def flat(messages: Iterable[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """All messages, those that travelled in one each alone; kinds are numbers.

    Parsl of 2025 has no WORKER_TASK_INFO: starts and ends are RESOURCE_INFO there.
    """
    for kind, payload in messages:
        ours = payload.get("parsloscope", {}) if isinstance(payload, dict) else {}
        inside = ours.get("messages")
        if inside is None:
            marks = isinstance(payload, dict) and (
                payload.get("first_msg") or payload.get("last_msg"))
            yield 5 if marks else kind.value, payload
        else:
            yield from inside


class WithWorker(InFolder):
    """A test whose tasks run in an interpreter of their own."""

    interval: float = 10.0

    def setUp(self) -> None:
        super().setUp()
        self.sent = self.folder / "sent"
        self.tasks = Tasks(str(self.run_dir))
        self._count = 0

    def pack(self, f: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
        """A file with a packed call, as an executor would send it."""
        path = self.folder / f"call{self._count}"
        function, args, kwargs = self.tasks.wrap(  # type: ignore[assignment]
            f, args, kwargs, x_try_id=0, x_task_id=self._count, **self.arguments())
        path.write_bytes(pack_apply_message(function, args, kwargs))
        self._count += 1
        return str(path)

    def arguments(self) -> dict[str, Any]:
        """Of Parsl's monitor_wrapper."""
        if not hasattr(self, "_radio"):
            self._radio = FileRadio(str(self.sent))
        return {"radio_config": self._radio, "run_id": "run", "logging_level": 20,
                "sleep_dur": self.interval, "monitor_resources": True,
                "run_dir": str(self.run_dir)}

    def start(self, *calls: str, prelude: str = "", path: Optional[str] = None,
              stdout: Any = subprocess.PIPE) -> "subprocess.Popen[str]":
        """A worker that runs these calls."""
        program = RUNNER.replace("{prelude}", textwrap.dedent(prelude))
        worker = subprocess.Popen(
            [sys.executable, "-B", "-c", program, *calls], stdout=stdout, text=True,
            cwd=self.folder, env={**os.environ, "PYTHONPATH": path or str(ROOT)})
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        return worker

    def run_calls(self, *calls: str, **options: Any) -> list[Any]:
        """What the calls give, each as JSON has it."""
        output = self.start(*calls, **options).communicate()[0]
        return [json.loads(line) for line in output.splitlines()]

    def messages(self) -> list[tuple[int, dict[str, Any]]]:
        """All that was sent, one by one."""
        return list(flat(unpickle_all(self.sent.read_bytes()))) if self.sent.exists() else []

    def ends(self, number: int) -> dict[int, dict[str, Any]]:
        """What was sent of so many tries' ends, by task; it waits for them."""
        def found() -> dict[int, dict[str, Any]]:
            return {m["task_id"]: m for kind, m in self.messages()
                    if kind == 5 and m.get("last_msg")}
        self.assertTrue(eventually(lambda: len(found()) == number), found)
        return found()

    def end(self) -> dict[str, Any]:
        """Our part of the only try's end."""
        (only,) = self.ends(1).values()
        ours: dict[str, Any] = only["parsloscope"]
        return ours
