"""What a try has used, beside what its own program counts."""

import os
import unittest
from typing import Any

from tests.worker_support import WithWorker

MIB = 1 << 20


def burning(seconds: float) -> float:
    """Uses so much of a processor, as this thread's clock has it."""
    import time
    start = time.process_time()
    while time.process_time() - start < seconds:
        sum(range(1000))
    return time.process_time() - start


def burning_in_children(seconds: float) -> float:
    import resource
    import subprocess
    import sys
    program = f"import time\nwhile time.process_time() < {seconds}: sum(range(1000))"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(2):
        subprocess.run([sys.executable, "-S", "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def filling(megabytes: int) -> int:
    """Holds so much memory for a moment."""
    memory = bytearray(megabytes * MIB)
    for at in range(0, len(memory), 4096):
        memory[at] = 1
    return len(memory)


def writing(count: int) -> int:
    with open("written", "wb", buffering=0) as file:
        for _ in range(count):
            file.write(b"x" * 1000)
    with open("written", "rb", buffering=0) as file:
        return len(file.read())


def writing_in_a_child(count: int) -> int:
    import subprocess
    subprocess.run(["dd", "if=/dev/zero", "of=other", "bs=1000", f"count={count}"], check=True,
                   stderr=subprocess.DEVNULL)
    return count * 1000


def nothing() -> int:
    return 0


@unittest.skipUnless(os.path.exists("/proc/self/clear_refs"), "there is no /proc")
class ExactTest(WithWorker):
    def totals(self, *calls: str) -> tuple[list[Any], list[dict[str, Any]]]:
        """What the calls gave, and what was measured."""
        gave = self.run_calls(*calls)
        ends = self.ends(len(calls))
        return gave, [ends[task]["parsloscope"]["totals"] for task in sorted(ends)]

    def check_cpu(self, used: float, measured: float) -> None:
        self.assertLess(abs(measured - used), max(0.01, 0.02 * used), (measured, used))

    def test_processor_time(self) -> None:
        gave, totals = self.totals(*[self.pack(burning, s) for s in (0.02, 0.2, 0.7)])
        for used, measured in zip(gave, totals):
            self.check_cpu(used, measured["cpu_user_s"] + measured["cpu_system_s"])
            self.assertEqual(measured["children_cpu_user_s"], 0.0)

    def test_processor_time_of_children(self) -> None:
        gave, totals = self.totals(self.pack(burning_in_children, 0.1), self.pack(burning, 0.05))
        children = [t["children_cpu_user_s"] + t["children_cpu_system_s"] for t in totals]
        self.check_cpu(gave[0], children[0])
        self.assertEqual(children[1], 0.0)

    def test_the_peak_is_that_of_the_try(self) -> None:
        sizes = [120, 40, 80, 0]
        _, totals = self.totals(*[self.pack(filling, size) for size in sizes])
        for size, measured in zip(sizes, totals):
            grown = (measured["memory_peak_bytes"] - measured["memory_start_bytes"]) / MIB
            self.assertLess(abs(grown - size), max(4, 0.05 * size), (grown, size))

    def test_bytes_read_and_written(self) -> None:
        _, totals = self.totals(self.pack(writing, 3000), self.pack(writing_in_a_child, 5000),
                                self.pack(nothing))
        written = [measured["written_bytes"] for measured in totals]
        self.assertEqual(written[0], 3_000_000)
        self.assertLess(abs(written[1] - 5_000_000), 50_000)
        self.assertEqual(written[2], 0)
        self.assertLess(abs(totals[0]["read_bytes"] - 3_000_000), 30_000)
        self.assertEqual(totals[2]["read_bytes"], 0)

    def test_four_workers_side_by_side(self) -> None:
        calls = [self.pack(burning, 0.3) for _ in range(4)]
        workers = [self.start(call) for call in calls]
        gave = [float(worker.communicate()[0]) for worker in workers]
        ends = self.ends(4)
        for task, used in enumerate(gave):
            totals = ends[task]["parsloscope"]["totals"]
            self.check_cpu(used, totals["cpu_user_s"] + totals["cpu_system_s"])


if __name__ == "__main__":
    unittest.main()
