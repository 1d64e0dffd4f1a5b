"""Messages of the submit process that travel together."""

import datetime
import os
import pickle
import unittest
from collections import deque
from typing import Any
from unittest import mock

from parsl.dataflow.states import States
from parsl.monitoring.message_type import MessageType

from parsloscope.bundle import LONGEST_TEXT, MOST, count_of, packed
from tests.worker_support import flat

WHEN = datetime.datetime(2026, 11, 2, 8, 30)


def told(task: int, **more: Any) -> Any:
    """What Parsl tells of a task."""
    return (MessageType.TASK_INFO, {"run_id": "r", "task_id": task, "task_time_returned": WHEN,
                                    "task_status": States.pending, "task_memoize": False,
                                    "task_hashsum": None, **more})


class Unpicklable:
    """Cannot be pickled."""

    def __reduce__(self) -> Any:
        """Always raises TypeError."""
        raise TypeError("it stays here")


class PackedTest(unittest.TestCase):
    def setUp(self) -> None:
        self.refused = 0

    def refuse(self) -> None:
        self.refused += 1

    def pack(self, *messages: Any, most: int = 10_000, several: bool = True) -> list[bytes]:
        self.inbox = deque(messages)
        return list(packed(self.inbox, most, self.refuse, several))

    def said(self, data: list[bytes]) -> list[Any]:
        return [(MessageType(kind), payload) for kind, payload in flat(map(pickle.loads, data))]

    def test_they_keep_their_order_and_are_counted(self) -> None:
        messages = [told(i) for i in range(MOST + 5)]
        data = self.pack(*messages)
        self.assertEqual([count_of(piece) for piece in data], [MOST, 5])
        self.assertEqual(self.said(data), messages)

    def test_together_they_are_shorter(self) -> None:
        alone = sum(len(pickle.dumps(told(i))) for i in range(MOST))
        self.assertLess(len(self.pack(*(told(i) for i in range(MOST)))[0]), alone / 2)

    def test_what_is_pickled_or_of_another_kind_travels_alone_at_its_place(self) -> None:
        odd = [pickle.dumps(told(2)), (MessageType.WORKFLOW_INFO, {"run_id": "r"}),
               (MessageType.TASK_INFO, {}), (MessageType.TASK_INFO, "text"), (1, 2, 3),
               told(3, task_stdout=("a", "w")), told(4, task_fail_history="x" * LONGEST_TEXT + "x")]
        data = self.pack(told(0), told(1), *odd, told(5), told(6))
        self.assertEqual([count_of(piece) for piece in data], [2, *[1] * len(odd), 2])
        self.assertEqual(data[1], odd[0])
        self.assertEqual([pickle.loads(piece) for piece in data[2:-1]], odd[1:])

    def test_what_a_task_asked_for_travels_along(self) -> None:
        asked = {"requested": {"cores": 2}, "walltime_s": None}
        messages = [told(0), told(1, parsloscope=asked)]
        self.assertEqual(self.said(self.pack(*messages)), messages)

    def test_one_that_cannot_be_pickled_costs_itself_alone(self) -> None:
        bad = told(1, parsloscope={"requested": Unpicklable()})
        data = self.pack(told(0), bad, told(2))
        self.assertEqual(self.said(data), [told(0), told(2)])
        self.assertEqual(self.refused, 1)

    def test_no_more_are_taken_than_asked_for(self) -> None:
        self.pack(*(told(i) for i in range(9)), most=4)
        self.assertEqual(list(self.inbox), [told(i) for i in range(4, 9)])

    def test_they_may_be_told_to_travel_alone(self) -> None:
        messages = [told(i) for i in range(3)]
        self.assertEqual([pickle.loads(piece) for piece in self.pack(*messages, several=False)],
                         messages)
        with mock.patch.dict(os.environ, {"PARSLOSCOPE_SEVERAL": "0"}):
            self.assertEqual(len(list(packed(deque(messages), 9, self.refuse))), 3)


if __name__ == "__main__":
    unittest.main()
