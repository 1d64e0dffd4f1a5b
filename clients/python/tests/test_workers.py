"""Real workers of Parsl: apps of every kind, threads, and a worker that is killed."""

import os
import sys
import unittest
from typing import Any
from unittest import mock

import parsl
from parsl import Config, HighThroughputExecutor, ThreadPoolExecutor, bash_app, join_app, python_app
from parsl.app.errors import AppTimeout, BashExitFailure
from parsl.executors.high_throughput.errors import WorkerLost
from parsl.providers import LocalProvider

from parsloscope import MonitoringHub
from tests.fake_hub import FakeHub
from tests.support import PATIENCE_S, InFolder, eventually, free_port
from tests.worker_support import flat


def burn(seconds: float) -> float:
    """Uses a processor."""
    import time
    start = time.thread_time()
    while time.thread_time() - start < seconds:
        sum(range(1000))
    return time.thread_time() - start


class WorkersTest(InFolder):
    def setUp(self) -> None:
        super().setUp()
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
        patched = mock.patch.dict(os.environ, {"PATH": path})
        patched.start()
        self.addCleanup(patched.stop)
        self.fake = FakeHub(database=self.database)
        self.addCleanup(self.fake.stop)
        self.write_key()
        self.fake.announce(self.database)

    def config(self, executor: Any, **options: Any) -> Config:
        hub = MonitoringHub(start_hub=False, resource_monitoring_interval=1,
                            close_timeout=PATIENCE_S, hub_port=free_port())
        return Config(executors=[executor], monitoring=hub, run_dir=str(self.folder),
                      strategy="none", usage_tracking=0, **options)

    def htex(self, workers: int) -> HighThroughputExecutor:
        return HighThroughputExecutor(
            label="htex", address="127.0.0.1", max_workers_per_node=workers, encrypted=False,
            cores_per_worker=0.1, heartbeat_period=1, heartbeat_threshold=30,
            provider=LocalProvider(init_blocks=1, max_blocks=1))  # type: ignore[no-untyped-call]

    def ends(self) -> dict[tuple[int, int], dict[str, Any]]:
        """Our part of each try's end."""
        return {(said["task_id"], said["try_id"]): said["parsloscope"]
                for kind, said in flat(self.fake.messages())
                if isinstance(said, dict) and "ended" in said.get("parsloscope", {})}

    def test_every_kind_of_app_and_a_killed_worker(self) -> None:
        @python_app
        def fine(seconds: float) -> float:
            import time
            time.sleep(seconds)
            return seconds

        @python_app
        def failing() -> None:
            raise ValueError("told")

        @python_app
        def endless(walltime: float = 0.5) -> None:
            import time
            while True:
                time.sleep(0.01)

        @python_app
        def killing() -> None:
            import os
            import signal
            import time
            time.sleep(1.5)
            os.kill(os.getpid(), signal.SIGKILL)

        @bash_app
        def command(text: str) -> str:
            return text

        @join_app
        def joined() -> Any:
            return fine(0.0)

        with parsl.load(self.config(self.htex(2))):
            self.assertEqual(fine(0.3).result(), 0.3)
            self.assertRaises(ValueError, failing().result)
            self.assertRaises(AppTimeout, endless().result)
            self.assertEqual(command("head -c 2000000 /dev/zero | cat > /dev/null").result(), 0)
            self.assertRaises(BashExitFailure, command("exit 3").result)
            self.assertEqual(joined().result(), 0.0)
            self.assertRaises(WorkerLost, killing().result)
        ends = self.ends()
        # A join app runs in the submit process; its inner app is the next task.
        self.assertEqual({task: end["ended"] for (task, _), end in ends.items()}, {
            0: "returned", 1: "raised", 2: "raised", 3: "returned", 4: "raised", 5: "returned",
            6: "returned", 7: "killed"})
        for task, word in ((1, "ValueError: told"), (2, "AppTimeout"), (4, "BashExitFailure")):
            self.assertIn(word, ends[task, 0]["traceback"]["text"])
        self.assertIn("in failing", ends[1, 0]["traceback"]["text"])
        self.assertGreaterEqual(ends[3, 0]["totals"]["written_bytes"] or 4_000_000, 4_000_000)
        self.assertEqual({end["worker"]["rank"] for end in ends.values()} - {"0", "1"}, {None}
                         if ends[5, 0]["scope"] == "thread" else set())
        asked = [said["parsloscope"] for kind, said in flat(self.fake.messages())
                 if kind == 0 and "parsloscope" in said]
        self.assertEqual(asked, [{"requested": {}, "walltime_s": 0.5}])

    def test_threads_are_counted_one_by_one(self) -> None:
        app = python_app(burn)
        with parsl.load(self.config(ThreadPoolExecutor(label="threads", max_threads=2))):
            futures = [app(0.05 * i) for i in range(1, 5)]
            used = [future.result() for future in futures]
        ends = self.ends()
        for task, seconds in enumerate(used):
            end = ends[task, 0]
            self.assertEqual((end["scope"], end["memory_peak"]), ("thread", None))
            self.assertIsNone(end["totals"]["children_cpu_user_s"])
            if hasattr(__import__("resource"), "RUSAGE_THREAD"):
                counted = end["totals"]["cpu_user_s"] + end["totals"]["cpu_system_s"]
                self.assertLess(abs(counted - seconds), 0.01)

    def test_the_end_of_a_run_loses_nothing(self) -> None:
        app = python_app(burn)
        with parsl.load(self.config(self.htex(2))):
            for future in [app(0.0) for _ in range(300)]:
                future.result()
        self.assertTrue(eventually(lambda: len(self.ends()) == 300))
        # They had come before the run was over.
        last = [kind for kind, _ in flat(self.fake.messages())][-1]
        self.assertEqual(last, 2)


if __name__ == "__main__":
    unittest.main()
