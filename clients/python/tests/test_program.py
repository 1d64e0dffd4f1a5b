"""Real Parsl programs against the fake hub."""

import os
import pickle
import sys
import unittest
from collections import Counter
from typing import Any
from unittest import mock

import parsl
from parsl import Config, HighThroughputExecutor, ThreadPoolExecutor, python_app
from parsl.monitoring.message_type import MessageType
from parsl.monitoring.radios.filesystem import FilesystemRadio
from parsl.monitoring.radios.htex import HTEXRadio
from parsl.monitoring.radios.udp import UDPRadio as ParslUDPRadio
from parsl.providers import LocalProvider

from parsloscope import MonitoringHub, UDPRadio
from tests.fake_hub import FakeHub
from tests.support import PATIENCE_S, InFolder, eventually, free_port
from tests.worker_support import flat


class ProgramTest(InFolder):
    def setUp(self) -> None:
        super().setUp()
        # Where Parsl's own programs are.
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
        patched = mock.patch.dict(os.environ, {"PATH": path})
        patched.start()
        self.addCleanup(patched.stop)
        self.fake = FakeHub(database=self.database)
        self.addCleanup(self.fake.stop)
        self.write_key()
        self.fake.announce(self.database)

    def run_program(self, executors: list[Any], tries: int, **options: Any) -> None:
        """Runs some tasks on each executor."""
        hub = MonitoringHub(start_hub=False, resource_monitoring_interval=1,
                            close_timeout=PATIENCE_S, hub_port=free_port(), **options)
        config = Config(executors=executors, monitoring=hub, run_dir=str(self.folder),
                        strategy="none", usage_tracking=0)

        def work(seconds: float) -> float:
            import time
            time.sleep(seconds)
            return seconds

        with parsl.load(config):
            apps = [python_app(work, executors=[e.label]) for e in executors]
            futures = [app(0.1) for app in apps for _ in range(tries)]
            self.assertEqual([f.result() for f in futures], [0.1] * len(futures))
            self.assertEqual(self.told(), [])

    def by_type(self) -> dict[str, list[Any]]:
        """Payloads by the name of their type, each alone.

        Parsl of 2025 has no WORKER_TASK_INFO. What an end says of its try's start and of its last
        sample counts as messages, too.
        """
        found: dict[str, list[Any]] = {}
        for kind, payload in flat(self.fake.messages()):
            name = "WORKER_TASK_INFO" if kind == 5 else MessageType(kind).name
            if name == "RESOURCE_INFO" and ("first_msg" in payload):
                name = "WORKER_TASK_INFO"
            ours = payload.get("parsloscope", {}) if isinstance(payload, dict) else {}
            if "began" in ours:
                found.setdefault(name, []).append({**payload, "first_msg": True, "last_msg": False})
            if "sample" in ours:
                found.setdefault("RESOURCE_INFO", []).append({**payload, **ours["sample"]})
            found.setdefault(name, []).append(payload)
        return found

    def check_workflow(self, found: dict[str, list[Any]], tasks: int) -> None:
        start, end = found["WORKFLOW_INFO"]
        self.assertIn("python_version", start)
        self.assertEqual((end["run_id"], end["tasks_completed_count"]), (start["run_id"], tasks))
        final = [t["task_id"] for t in found["TASK_INFO"] if t["task_status_name"] == "exec_done"]
        self.assertEqual(sorted(final), list(range(tasks)))

    def marks(self, found: dict[str, list[Any]]) -> "Counter[tuple[int, bool]]":
        """How often each task told its start (True) and its end (False)."""
        return Counter((m["task_id"], m["first_msg"]) for m in found.get("WORKER_TASK_INFO", []))

    def test_threads(self) -> None:
        self.run_program([ThreadPoolExecutor(label="threads", max_threads=4)], 20)
        found = self.by_type()
        self.check_workflow(found, 20)
        self.assertEqual(self.marks(found),
                         Counter({(t, m): 1 for t in range(20) for m in (True, False)}))
        self.assertEqual(self.fake.datagrams, [])

    def test_every_radio_of_high_throughput_executors(self) -> None:
        chosen = {"htex": HTEXRadio(), "files": FilesystemRadio(),
                  "parsls": ParslUDPRadio(address="127.0.0.1", atexit_timeout=5),
                  "ours": UDPRadio(address="127.0.0.1")}
        radios: dict[str, dict[str, Any]] = {
            "default": {},
            **{label: {"remote_monitoring_radio": radio} for label, radio in chosen.items()}}
        executors = [
            HighThroughputExecutor(
                label=label, address="127.0.0.1", max_workers_per_node=1, encrypted=False,
                provider=LocalProvider(init_blocks=1, max_blocks=1),  # type: ignore[no-untyped-call]
                **options)
            for label, options in radios.items()
        ]
        self.run_program(executors, 2, hub_address="127.0.0.1")
        # The datagrams have come, but need not be read yet.
        marks = Counter({(t, m): 1 for t in range(10) for m in (True, False)})
        self.assertTrue(eventually(lambda: self.marks(self.by_type()) == marks))
        found = self.by_type()
        self.check_workflow(found, 10)
        self.assertEqual({r["task_id"] for r in found["RESOURCE_INFO"] if "task_id" in r},
                         set(range(10)))
        self.assertGreaterEqual(len(found["NODE_INFO"]), 5)
        blocks: set[str] = {b["executor_label"] for p in found["BLOCK_INFO"] for b in p}
        self.assertEqual(blocks, set(radios))
        # Only two of the five send to the hub itself.
        self.assertEqual(self.datagram_tasks(), {0, 1, 8, 9})
        self.assertEqual(self.fake.bad_datagrams, 0)

    def datagram_tasks(self) -> set[int]:
        """The tasks that came by datagram."""
        messages = [pickle.loads(data) for data in self.fake.datagrams]
        return {said["task_id"] for _, said in flat(messages) if "task_id" in said}


if __name__ == "__main__":
    unittest.main()
