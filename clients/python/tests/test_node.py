"""The node's sampler: who it is, what it tells, and GPUs."""

import os
import shutil
import subprocess
import sys
import unittest
import uuid
from pathlib import Path
from typing import Any

from parsloscope_worker.gpu import Gpus
from parsloscope_worker.node import NodeMeter, elect
from tests.support import InFolder, eventually
from tests.worker_support import ROOT, WithWorker


def waiting(path: str) -> str:
    import time
    while not os.path.exists(path):
        time.sleep(0.01)
    return "found"


class NodeTest(InFolder):
    def test_one_process_of_a_run_is_elected_until_it_ends(self) -> None:
        run = str(uuid.uuid4())
        program = (f"from parsloscope_worker.node import elect\nkept = elect({run!r})\n"
                   "print(kept is not None, flush=True)\ninput()")

        def candidate() -> "subprocess.Popen[str]":
            process = subprocess.Popen([sys.executable, "-c", program], text=True, cwd=ROOT,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.addCleanup(process.communicate)
            self.addCleanup(process.kill)
            return process

        def says(process: "subprocess.Popen[str]") -> str:
            assert process.stdout is not None
            return process.stdout.readline().strip()

        first = candidate()
        self.assertEqual(says(first), "True")
        self.assertEqual(says(candidate()), "False")
        self.assertIsNotNone(elect(str(uuid.uuid4())))
        first.kill()
        first.wait()
        self.assertEqual(says(candidate()), "True")

    def test_a_sample_is_of_the_whole_node(self) -> None:
        meter = NodeMeter(str(self.folder))
        sum(range(3_000_000))
        said = meter.sample()
        self.assertEqual(said["cpu_count"], os.cpu_count())
        self.assertTrue(0 <= said["cpu_busy"] <= 1, said)
        self.assertGreater(said["memory_total_bytes"], said["memory_available_bytes"])
        disk = shutil.disk_usage(self.folder)
        self.assertEqual(said["disk_total_bytes"], disk.total)
        self.assertLess(abs(said["disk_free_bytes"] - disk.free), 1 << 30)
        self.assertLessEqual(said["swap_used_bytes"], said["swap_total_bytes"])

    def test_what_is_not_known_is_none(self) -> None:
        said = NodeMeter(str(self.folder / "absent")).sample()
        self.assertEqual((said["disk_total_bytes"], said["disk_free_bytes"]), (None, None))

    def test_without_the_library_there_are_no_gpus(self) -> None:
        self.assertIsNone(Gpus(str(self.folder / "absent.so")).sample())

    def test_gpus_by_a_library_that_stands_in(self) -> None:
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            self.skipTest("there is no C compiler for the stand-in")
        library = str(self.folder / "libnvidia-ml.so.1")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library,
                        str(Path(__file__).with_name("nvml.c"))], check=True)
        self.assertEqual(Gpus(library).sample(), [
            {"index": 0, "name": "Stand-in A", "utilization": 0.37,
             "memory_total_bytes": 80 << 30, "memory_used_bytes": 5 << 30, "power_w": 123.456},
            {"index": 1, "name": "Stand-in B", "utilization": None, "memory_total_bytes": None,
             "memory_used_bytes": None, "power_w": None}])


class WorkersNodeTest(WithWorker):
    interval = 1.0

    def nodes(self) -> list[dict[str, Any]]:
        return [said for _, said in self.messages() if "node" in said.get("parsloscope", {})]

    def test_a_worker_tells_of_its_node(self) -> None:
        gate = self.folder / "gate"
        # The name of a run is a name on the machine.
        self._run = str(uuid.uuid4())
        self.start(self.pack(waiting, str(gate)))
        self.assertTrue(eventually(self.nodes))
        gate.touch()
        said = self.nodes()[0]
        self.assertEqual((said["run_id"], said["hostname"]), (self._run, os.uname().nodename))
        self.assertGreater(said["parsloscope"]["node"]["interval_s"], 0)
        self.ends(1)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "run_id": getattr(self, "_run", "run")}


if __name__ == "__main__":
    unittest.main()
