"""What is put in Parsl's place while a run goes on, and what the submit side tells of tasks."""

import time
import unittest
from typing import Any
from unittest import mock

import parsl.dataflow.dflow as dflow
import parsl.executors.high_throughput.executor as htex
from parsl.dataflow.dflow import DataFlowKernel
from parsl.executors.high_throughput.executor import HighThroughputExecutor
from parsl.monitoring.radios.htex import HTEXRadio
from parsl.monitoring.radios.udp import UDPRadio as ParslUDPRadio

from parsloscope import patch
from parsloscope.interchange import AT_FIRST, REFRESH_S, told_seldom
from parsloscope.tasks import PATIENCE_S, Tasks, requested
from parsloscope_worker.wrapper import Wrapper


def places() -> list[Any]:
    """All that is replaced."""
    return [vars(dflow)["monitor_wrapper"], DataFlowKernel._create_task_log_info,
            DataFlowKernel.cleanup, vars(htex)["start_zmq_receiver"],
            HighThroughputExecutor._start_local_interchange_process]


def arguments(run_dir: str, radio: Any = None) -> dict[str, Any]:
    """Of Parsl's monitor_wrapper."""
    return {"f": len, "args": ([1],), "kwargs": {}, "x_try_id": 1, "x_task_id": 2,
            "radio_config": radio or HTEXRadio(), "run_id": "r", "logging_level": 20,
            "sleep_dur": 1, "monitor_resources": True, "run_dir": run_dir}


class PatchTest(unittest.TestCase):
    def test_parsl_is_as_it_was_after_the_last_run(self) -> None:
        before = places()
        runs = [Tasks("/one"), Tasks("/two")]
        for tasks in runs:
            self.assertTrue(patch.begin(tasks))
        self.assertFalse(set(map(id, places())) & set(map(id, before)))
        patch.end(runs[0])
        patch.end(runs[0])
        self.assertIsNot(places()[0], before[0])
        patch.end(runs[1])
        self.assertEqual(places(), before)

    def test_only_the_runs_tasks_get_our_wrapper(self) -> None:
        tasks = Tasks("/one")
        patch.begin(tasks)
        self.addCleanup(patch.end, tasks)
        wrap = vars(dflow)["monitor_wrapper"]
        ours, args, kwargs = wrap(**arguments("/one"))
        self.assertIsInstance(ours, Wrapper)
        self.assertEqual((args, list(kwargs.values())), (([1],), ["2.1"]))
        parsls, _, kwargs = wrap(**arguments("/other"))
        self.assertNotIsInstance(parsls, Wrapper)
        self.assertIn("_parsl_monitoring_task_id", kwargs)

    def test_another_parsl_keeps_its_own_wrapper(self) -> None:
        def other(*, f: Any, x: int) -> None:
            """As a later release may have it."""
        with mock.patch.object(dflow, "monitor_wrapper", other), \
                self.assertLogs("parsl.parsloscope", "WARNING") as logs:
            before = places()
            self.assertFalse(patch.begin(Tasks("/one")))
            self.assertEqual(places(), before)
        self.assertEqual(len(logs.records), 1)

    def test_what_somebody_else_puts_there_stays(self) -> None:
        tasks = Tasks("/one")
        own = vars(dflow)["monitor_wrapper"]
        self.addCleanup(setattr, dflow, "monitor_wrapper", own)
        patch.begin(tasks)
        dflow.monitor_wrapper = others = mock.Mock()  # type: ignore[attr-defined]
        patch.end(tasks)
        self.assertIs(vars(dflow)["monitor_wrapper"], others)


class TasksTest(unittest.TestCase):
    def record(self, specification: Any, **kwargs: Any) -> dict[str, Any]:
        return {"resource_specification": specification, "kwargs": kwargs, "try_id": 0}

    def test_what_was_asked_for_is_told_once_for_each_try(self) -> None:
        record = self.record({"cores": 2, "memory": 500.0, "priority": None}, walltime=30)
        told = {"requested": {"cores": 2, "memory": 500.0, "priority": None}, "walltime_s": 30.0}
        self.assertEqual([requested(record), requested(record)], [told, None])
        record["try_id"] = 1
        self.assertEqual(requested(record), told)

    def test_nothing_asked_is_nothing_told(self) -> None:
        self.assertIsNone(requested(self.record({})))
        self.assertEqual(requested(self.record({}, walltime=2)),
                         {"requested": {}, "walltime_s": 2.0})

    def test_a_specification_is_told_in_plain_values(self) -> None:
        class Number:
            def __int__(self) -> int:
                return 4

            def __eq__(self, other: object) -> bool:
                return other == 4

            __hash__ = None  # type: ignore[assignment]
        told = requested(self.record({"cores": Number(), "tags": ("a", {1: object})}))
        assert told is not None
        self.assertEqual(told["requested"]["cores"], 4)
        self.assertIs(type(told["requested"]["cores"]), int)
        self.assertEqual(told["requested"]["tags"][0], "a")
        self.assertIsInstance(told["requested"]["tags"][1]["1"], str)

    def test_the_end_waits_for_those_that_are_on_their_way_and_no_longer(self) -> None:
        tasks = Tasks("/one")
        tasks.wrap(**arguments("/one"))
        start = time.monotonic()
        tasks.changed()
        tasks.settle()
        self.assertGreaterEqual(time.monotonic() - start, PATIENCE_S - 0.01)
        tasks.saw(b"... ended ...")
        tasks.changed()
        with mock.patch("time.sleep") as sleep:
            tasks.settle()
        self.assertEqual(sleep.call_count, 0)

    def test_a_radios_limit(self) -> None:
        tasks = Tasks("/one")
        radio = ParslUDPRadio(address="127.0.0.1")
        wrapper, _, _ = tasks.wrap(**arguments("/one", radio))
        assert isinstance(wrapper, Wrapper)
        # Parsl's receiver reads no more.
        self.assertLess(wrapper._parsloscope[1].limit, 2_048)


class InterchangeTest(unittest.TestCase):
    def test_it_tells_of_a_manager_when_there_is_something_new(self) -> None:
        told: list[Any] = []
        send = told_seldom(lambda self, radio, manager: told.append(dict(manager)))
        manager = {"uid": "a", "active": True, "worker_count": 2, "tasks": []}
        for number in range(100):
            manager["tasks"] = [number]
            send(None, "radio", manager)
        send(None, None, {**manager, "uid": "b"})
        send(None, "radio", {**manager, "uid": "c"})
        # The first few are told as Parsl tells them.
        self.assertEqual([m["uid"] for m in told], ["a"] * (1 + AT_FIRST) + ["c"])
        with mock.patch("time.monotonic", return_value=time.monotonic() + REFRESH_S + 1):
            send(None, "radio", manager)
            send(None, "radio", manager)
        self.assertEqual(len(told), 3 + AT_FIRST)
        send(None, "radio", {**manager, "active": False})
        self.assertFalse(told[-1]["active"])


if __name__ == "__main__":
    unittest.main()
