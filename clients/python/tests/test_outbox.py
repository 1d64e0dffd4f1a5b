"""Several messages in one, under the radio's limit."""

import pickle
import unittest
from typing import Any

from parsl.monitoring.message_type import MessageType

from parsloscope.tasks import Tasks
from parsloscope_worker.outbox import Outbox
from parsloscope_worker.settings import Settings
from tests.worker_support import flat


class Radio:
    """Keeps what is sent; fails so many times."""

    def __init__(self, failures: int = 0) -> None:
        self.sent: list[Any] = []
        self.failures = failures

    def create_sender(self) -> "Radio":
        return self

    def send(self, message: object) -> None:
        if self.failures > 0:
            self.failures -= 1
            raise ConnectionError
        self.sent.append(message)


def end(task: int, text: str = "") -> tuple[int, dict[str, Any]]:
    """A message of a try's end."""
    ours: dict[str, Any] = {"ended": "raised" if text else "returned", "totals": {}}
    if text:
        ours["traceback"] = {"text": text, "cut": 0}
    return 5, {"run_id": "r", "task_id": task, "try_id": 0, "last_msg": True, "parsloscope": ours}


class OutboxTest(unittest.TestCase):
    def outbox(self, limit: int = 60_000, several: bool = True,
               failures: int = 0) -> tuple[Outbox, Radio]:
        radio = Radio(failures)
        arguments = {"radio_config": radio, "run_id": "r", "run_dir": "/", "sleep_dur": 1,
                     "monitor_resources": True}
        return Outbox(Settings(arguments, limit, several)), radio

    def test_one_message_is_as_parsls(self) -> None:
        outbox, radio = self.outbox()
        outbox.add(end(1))
        outbox.flush()
        self.assertEqual(radio.sent[0][1], end(1)[1])
        self.assertIn(radio.sent[0][0].name, ("WORKER_TASK_INFO", "RESOURCE_INFO"))
        self.assertTrue(outbox.empty)

    def test_several_travel_in_one(self) -> None:
        outbox, radio = self.outbox()
        for task in range(20):
            outbox.add(end(task))
        outbox.flush()
        self.assertEqual(len(radio.sent), 1)
        self.assertEqual(list(flat(radio.sent)), [end(task) for task in range(20)])
        self.assertEqual(radio.sent[0][1]["run_id"], "r")

    def test_they_may_be_told_to_travel_alone(self) -> None:
        outbox, radio = self.outbox(several=False)
        for task in range(3):
            outbox.add(end(task))
        outbox.flush()
        self.assertEqual([said["task_id"] for _, said in radio.sent], [0, 1, 2])

    def test_none_is_above_the_limit(self) -> None:
        outbox, radio = self.outbox(limit=2_000)
        messages = [end(task, "x" * 700 * (task % 3)) for task in range(40)]
        for message in messages:
            outbox.add(message)
        outbox.flush()
        self.assertEqual(list(flat(radio.sent)), messages)
        self.assertLess(max(len(pickle.dumps(sent)) for sent in radio.sent), 2_000)
        self.assertLess(len(radio.sent), 40)

    def test_a_traceback_is_cut_to_the_limit(self) -> None:
        for character in ("x", "\u20ac", "\U0001f600"):
            outbox, radio = self.outbox(limit=1_984)
            outbox.add(end(1, "first" + character * 20_000 + "last"))
            outbox.flush()
            ((_, said),) = radio.sent
            told = said["parsloscope"]["traceback"]
            self.assertLess(len(pickle.dumps(radio.sent[0])), 1_984)
            self.assertTrue(told["text"].startswith("first") and told["text"].endswith("last"))
            kept = told["text"].count(character)
            self.assertEqual(told["cut"], 20_009 - kept - 9)

    def test_what_a_radio_does_not_take_is_tried_again(self) -> None:
        outbox, radio = self.outbox(failures=1)
        outbox.add(end(1))
        with self.assertRaises(ConnectionError):
            outbox.flush()
        outbox.add(end(2))
        outbox.flush()
        self.assertEqual([said["task_id"] for _, said in flat(radio.sent)], [1, 2])

    def test_the_submit_side_counts_the_ends_without_unpickling(self) -> None:
        tasks = Tasks("/run")
        outbox, radio = self.outbox()
        outbox.add(end(0))
        outbox.flush()
        for task in range(7):
            outbox.add(end(task))
        outbox.add((1, {"run_id": "r", "task_id": 3}))
        outbox.flush()
        for message in radio.sent:
            tasks.saw(pickle.dumps(message))
        tasks.saw(pickle.dumps((MessageType.TASK_INFO, {"task_id": 1})))
        self.assertEqual(tasks._passed, 8)


if __name__ == "__main__":
    unittest.main()
