"""The wrapper of a task: what is pickled, and that the task never notices it."""

import os
import pickle
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any

import dill
import parsl
from parsl.serialize import pack_apply_message

import parsloscope_worker
from tests.worker_support import ROOT, FileRadio, WithWorker


def double(number: int) -> int:
    return 2 * number


def failing() -> None:
    raise KeyError("why")


def forking() -> int:
    pid = os.fork()
    if pid == 0:
        raise SystemExit(3)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def waiting_for_any_child() -> str:
    try:
        os.wait()
        return "there was a child"
    except ChildProcessError:
        return "no child"


def closing_all() -> str:
    os.closerange(3, 4096)
    with open("own", "w") as file:
        # The first files opened now have the numbers of those closed.
        others = [Path(f"own{i}").open("w") for i in range(20)]  # noqa: SIM115
        file.write("mine")
    for other in others:
        other.close()
    return "".join(Path(f"own{i}").read_text() for i in range(20)) + Path("own").read_text()


def in_threads() -> int:
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(abs, range(-100, 0)))


def in_processes() -> int:
    from multiprocessing import get_context
    with get_context("fork").Pool(2) as pool:
        return sum(pool.map(abs, range(-100, 0)))


# Every function that monitoring calls fails.
SABOTAGE = """
import parsloscope_worker.{module} as sabotaged
def fail(*args, **kwargs):
    raise MemoryError("sabotage")
for name in {names}:
    setattr(sabotaged, name, fail)
"""


class WrapperTest(WithWorker):
    def test_a_call_gives_and_raises_what_it_would(self) -> None:
        calls = [self.pack(double, 4), self.pack(failing)]
        self.assertEqual(self.run_calls(*calls), [8, ["raised", "KeyError('why')"]])
        ends = self.ends(2)
        self.assertEqual([ends[i]["parsloscope"]["ended"] for i in range(2)],
                         ["returned", "raised"])
        self.assertIn("in failing", ends[1]["parsloscope"]["traceback"]["text"])
        self.assertNotIn("traceback", ends[0]["parsloscope"])

    def test_a_message_says_what_parsls_say_and_which_worker(self) -> None:
        self.run_calls(self.pack(double, 4))
        (said,) = self.ends(1).values()
        self.assertEqual(
            {name: said[name] for name in ("run_id", "task_id", "try_id", "hostname", "block_id",
                                           "first_msg", "last_msg")},
            {"run_id": "run", "task_id": 0, "try_id": 0, "hostname": os.uname().nodename,
             "block_id": "7", "first_msg": False, "last_msg": True})
        ours = said["parsloscope"]
        self.assertEqual({**ours["worker"], "pid": 0},
                         {"pid": 0, "rank": "3", "manager": "manager", "block": "7",
                          "host": os.uname().nodename})
        # Its start is told by itself where the helper came to it first.
        began = ours.get("began") or next(
            start["timestamp"] for _, start in self.messages() if start.get("first_msg"))
        self.assertLessEqual(began, said["timestamp"])
        self.assertEqual(ours["sample"]["psutil_process_pid"], ours["worker"]["pid"])

    def test_an_app_is_packed_once(self) -> None:
        app: Any = parsl.python_app(double)
        self.pack(app.func, 1)
        first, _, _ = self.tasks.wrap(app.func, (), {}, 0, 1, **self.arguments())
        second, _, kwargs = self.tasks.wrap(app.func, (), {}, 1, 2, **self.arguments())
        self.assertIs(first, second)
        self.assertEqual(list(kwargs.values()), ["2.1"])

    def test_monitoring_adds_few_bytes(self) -> None:
        app: Any = parsl.python_app(double)
        plain = len(pack_apply_message(app.func, (1,), {}))
        path = Path(self.pack(app.func, 1))
        self.assertLess(path.stat().st_size - plain, 1_100)

    def test_it_has_the_names_of_the_function(self) -> None:
        wrapper: Any = self.tasks.wrap(double, (), {}, 0, 0, **self.arguments())[0]
        self.assertEqual((wrapper.__name__, wrapper.__module__), ("double", __name__))
        again: Any = dill.loads(dill.dumps(wrapper))
        self.assertEqual(again.__name__, "double")

    def test_a_worker_without_the_package_uses_parsls_wrapper(self) -> None:
        # Only Parsl and the radio are there.
        alone = self.folder / "alone"
        (alone / "tests").mkdir(parents=True)
        (alone / "tests" / "__init__.py").touch()
        source = Path(__file__).with_name("worker_support.py").read_text()
        radio = "\n".join(source.partition("class FileRadio")[1:]).partition("def flat")[0]
        (alone / "tests" / "worker_support.py").write_text(
            "import pickle\nfrom parsl.monitoring.radios.base import *\n"
            "from typing import Any\n" + radio.replace("\n(RadioConfig)", "(RadioConfig)"))
        call = self.pack(abs, -8)
        self.assertEqual(self.run_calls(call, path=str(alone)), [8])
        kinds = [(kind, "parsloscope" in said) for kind, said in self.messages()]
        self.assertIn((1, False), kinds)
        self.assertNotIn(True, [ours for _, ours in kinds])

    def test_a_failing_monitor_changes_nothing(self) -> None:
        calls = [self.pack(double, 4), self.pack(failing), self.pack(in_processes)]
        wanted = [8, ["raised", "KeyError('why')"], 5050]
        for module, names in {
            "usage": ["start", "end", "_own_io", "_own_stat", "_clear_refs", "slurp"],
            "proc": ["slurp", "parse_io"],
            "totals": ["totals", "io_since"],
            "ends": ["End", "totals"],
            "slot": ["Slot"],
            "watch": ["_sample", "_traceback", "Watched"],
            "channel": ["outlet_of"],
            "daemon": ["start"],
            "helper": ["Helper"],
            "tries": ["Try"],
            "look": ["look", "at_end", "has_children"],
            "outbox": ["Outbox"],
            "trace": ["describe"],
        }.items():
            with self.subTest(module):
                prelude = SABOTAGE.format(module=module, names=names)
                self.assertEqual(self.run_calls(*calls, prelude=prelude), wanted)

    def test_a_radio_that_fails_changes_nothing(self) -> None:
        self._radio = FileRadio(str(self.folder / "no" / "such" / "folder"))
        self.assertEqual(self.run_calls(self.pack(double, 4)), [8])

    def test_a_process_that_the_task_forks_tells_nothing(self) -> None:
        self.assertEqual(self.run_calls(self.pack(forking), self.pack(double, 1)), [3, 2])
        self.ends(2)
        self.assertEqual(len([1 for kind, said in self.messages() if said.get("last_msg")]), 2)

    def test_a_task_sees_no_child_of_ours(self) -> None:
        self.assertEqual(self.run_calls(self.pack(waiting_for_any_child)), ["no child"])

    def test_a_task_that_closes_everything_gets_nothing_of_ours_in_its_files(self) -> None:
        self.assertEqual(self.run_calls(self.pack(closing_all), self.pack(double, 1)),
                         ["mine", 2])
        ends = self.ends(2)
        self.assertEqual(ends[0]["parsloscope"]["ended"], "returned")

    def test_threads_and_processes_of_a_task(self) -> None:
        self.assertEqual(self.run_calls(self.pack(in_threads), self.pack(in_processes)),
                         [5050, 5050])
        self.ends(2)

    def test_a_process_for_each_task_as_work_queue_has_it(self) -> None:
        """What WorkQueue and TaskVine run: they are not installed, but their program is there."""
        from parsl.executors.workqueue import exec_parsl_function
        function = self.folder / "function"
        function.write_bytes(pickle.dumps({"byte code": Path(self.pack(double, 4)).read_bytes()}))
        (self.folder / "map").write_bytes(pickle.dumps({}))
        subprocess.run([sys.executable, exec_parsl_function.__file__, "map", "function", "result"],
                       cwd=self.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
        from parsl.serialize import deserialize
        self.assertEqual(deserialize((self.folder / "result").read_bytes()), 8)
        self.assertEqual(self.end()["ended"], "returned")

    def test_importing_it_is_light(self) -> None:
        program = ("import sys, parsloscope_worker.wrapper; "
                   "print([m for m in sys.modules if m.split('.')[0] in ('parsl', 'parsloscope', "
                   "'psutil', 'ctypes')])")
        told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True,
                              text=True, check=True).stdout
        self.assertEqual(told.strip(), "[]")

    def test_packing_needs_no_class_of_the_submit_side(self) -> None:
        self.assertIn("wrapped", parsloscope_worker.__all__)
        body = Path(self.pack(double, 4)).read_bytes()
        self.assertNotIn(b"parsloscope.", body)


if __name__ == "__main__":
    unittest.main()
