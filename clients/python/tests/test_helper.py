"""The helper of a worker: on time, whatever the task does; and when the worker is killed."""

import fcntl
import os
import signal
import sys
import time
import unittest
from typing import Any

from tests.support import eventually
from tests.worker_support import WithWorker

needs_proc = unittest.skipUnless(os.path.exists("/proc/self/clear_refs"), "there is no /proc")


def holding_the_lock(path: str) -> str:
    """Waits in C for the lock of a file, without giving up the interpreter's own."""
    import ctypes
    import fcntl
    with open(path) as file:
        ctypes.PyDLL(None).flock(file.fileno(), fcntl.LOCK_EX)
    return "held"


def waiting(path: str) -> str:
    while not os.path.exists(path):
        time.sleep(0.01)
    return "found"


def leaving() -> None:
    with open("/dev/null", "wb") as file:
        file.write(bytes(1000))
    os._exit(5)


def becoming_another_program() -> None:
    os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(0.6)"])


def double(number: int) -> int:
    return 2 * number


def with_a_large_child(megabytes: int, seconds: float) -> None:
    import subprocess
    subprocess.run([sys.executable, "-c",
                    f"import time; x = bytearray({megabytes} << 20); time.sleep({seconds})"],
                   check=True)


def helpers_of(pid: int) -> list[int]:
    """The helpers of a worker: they have its program, and are in a session of their own."""
    found = []
    with open(f"/proc/{pid}/cmdline") as file:
        program = file.read()
    if program == "":
        # It has just been started, and one that has ended would seem to be like it.
        return []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/comm") as comm, open(f"/proc/{name}/cmdline") as line:
                    if comm.read() == "parsloscope\n" and line.read() == program:
                        found.append(int(name))
            except OSError:
                pass
    return found


class HelperTest(WithWorker):
    interval = 0.3

    def samples(self) -> list[dict[str, Any]]:
        return [said for kind, said in self.messages() if kind == 1 and "task_id" in said]

    def test_samples_come_while_the_task_holds_the_interpreters_lock(self) -> None:
        gate = self.folder / "gate"
        with gate.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            worker = self.start(self.pack(holding_the_lock, str(gate)))
            self.assertTrue(eventually(lambda: len(self.samples()) >= 4))
        self.assertEqual(worker.communicate()[0].strip(), '"held"')
        end = self.end()
        told = [kind for kind, said in self.messages() if said.get("first_msg")]
        self.assertEqual(len(told), 1)
        self.assertNotIn("began", end)
        # A late sample says so; none comes before its time.
        began = next(said["timestamp"] for _, said in self.messages() if said.get("first_msg"))
        for number, sample in enumerate(self.samples()[1:], 1):
            after = (sample["timestamp"] - began).total_seconds()
            late = sample.get("parsloscope", {}).get("late_s", 0.0)
            self.assertGreaterEqual(after, 0.3 * number - 0.05)
            self.assertLess(after - late, 0.3 * (number + end["samples_late"]) + 0.35)

    def test_a_long_try_is_told_to_run_before_it_ends(self) -> None:
        gate = self.folder / "gate"
        worker = self.start(self.pack(waiting, str(gate)))
        self.assertTrue(eventually(lambda: len(self.samples()) >= 3))
        self.assertEqual([said["first_msg"] for kind, said in self.messages() if kind == 5],
                         [True])
        gate.touch()
        self.assertEqual(worker.communicate()[0].strip(), '"found"')
        self.assertEqual(self.end()["ended"], "returned")

    @needs_proc
    def test_a_killed_workers_try_has_its_last_figures(self) -> None:
        worker = self.start(self.pack(waiting, str(self.folder / "never")))
        self.assertTrue(eventually(lambda: len(self.samples()) >= 2))
        worker.kill()
        end = self.end()
        self.assertEqual((end["ended"], end["memory_peak"]), ("killed", "sampled"))
        self.assertGreater(end["totals"]["wall_s"], 0.3)
        self.assertGreater(end["totals"]["memory_peak_bytes"], 1 << 20)
        self.assertGreaterEqual(end["totals"]["cpu_user_s"], 0.0)

    def test_a_task_that_leaves_its_worker(self) -> None:
        self.assertEqual(self.run_calls(self.pack(double, 1), self.pack(leaving)), [2])
        ends = self.ends(2)
        self.assertEqual([ends[i]["parsloscope"]["ended"] for i in range(2)],
                         ["returned", "killed"])

    def test_a_task_that_becomes_another_program(self) -> None:
        self.run_calls(self.pack(double, 1), self.pack(becoming_another_program))
        self.assertEqual(self.ends(2)[1]["parsloscope"]["ended"], "killed")

    @needs_proc
    def test_a_helper_ends_with_its_worker_and_on_no_signal(self) -> None:
        gate = self.folder / "gate"
        worker = self.start(self.pack(waiting, str(gate)), self.pack(double, 3))
        self.assertTrue(eventually(lambda: len(helpers_of(worker.pid)) == 1))
        (helper,) = helpers_of(worker.pid)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(helper, number)
        gate.touch()
        worker.wait()
        self.ends(2)
        self.assertTrue(eventually(lambda: not _is_there(helper)))

    @needs_proc
    def test_another_helper_takes_over_from_one_that_was_killed(self) -> None:
        gate = self.folder / "gate"
        worker = self.start(self.pack(waiting, str(gate)), self.pack(double, 3))
        self.assertTrue(eventually(lambda: len(helpers_of(worker.pid)) == 1))
        os.kill(helpers_of(worker.pid)[0], signal.SIGKILL)
        self.assertTrue(eventually(lambda: helpers_of(worker.pid) == []))
        gate.touch()
        worker.wait()
        ends = self.ends(2)
        self.assertEqual([ends[i]["parsloscope"]["ended"] for i in range(2)],
                         ["returned", "returned"])

    @needs_proc
    def test_a_helper_holds_nothing_of_its_worker_open(self) -> None:
        # Nobody gets an end of file as long as somebody holds the other end.
        reading, writing = os.pipe()
        with os.fdopen(reading) as output:
            worker = self.start(self.pack(double, 1), stdout=writing)
            os.close(writing)
            self.assertEqual(output.read(), "2\n")
        self.assertEqual(worker.wait(), 0)

    @needs_proc
    def test_the_peak_of_a_child_is_seen_after_a_larger_one(self) -> None:
        calls = [self.pack(with_a_large_child, 200, 0.0), self.pack(with_a_large_child, 80, 1.0)]
        self.run_calls(*calls)
        ends = self.ends(2)
        peaks = [ends[i]["parsloscope"]["totals"]["children_memory_peak_bytes"] >> 20
                 for i in range(2)]
        self.assertTrue(200 <= peaks[0] <= 230, peaks)
        self.assertTrue(80 <= peaks[1] <= 110, peaks)


def _is_there(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
