"""The queue in child processes, and the radios."""

import multiprocessing
import os
import pickle
import queue
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import dill
from parsl.executors import HighThroughputExecutor
from parsl.monitoring.message_type import MessageType
from parsl.monitoring.radios.htex import HTEXRadio
from parsl.monitoring.radios.udp import UDPRadio as ParslUDPRadio
from parsl.multiprocessing import ForkContext, SpawnContext, SpawnQueue

from parsloscope import MonitoringHub, UDPRadio
from parsloscope.htex import DefaultRadio
from parsloscope.locate import Place
from tests.fake_hub import KEY, FakeHub
from tests.support import PATIENCE_S, InFolder, eventually, free_port


def put_some(target: Any, first: int) -> None:
    """What a child process does."""
    for i in range(first, first + 100):
        target.put((MessageType.NODE_INFO, {"number": i}))


class Radios(InFolder):
    def make(self, **options: Any) -> MonitoringHub:
        self.write_key()
        self.fake = FakeHub(database=self.database)
        self.addCleanup(self.fake.stop)
        self.fake.announce(self.database)
        hub = MonitoringHub(start_hub=False, hub_port=free_port(), close_timeout=PATIENCE_S,
                            **options)
        hub.start(str(self.run_dir), str(self.folder))
        self.addCleanup(hub.close)
        # A radio waits a few seconds for it.
        self.assertTrue(eventually(lambda: hub.place is not None))
        return hub


class QueueTest(Radios):
    def test_takes_what_spawned_and_forked_children_put(self) -> None:
        hub = self.make()
        self.assertIsInstance(hub.resource_msgs, multiprocessing.queues.Queue)
        put_some(hub.resource_msgs, 0)
        children = [SpawnContext.Process(target=put_some, args=(hub.resource_msgs, 100)),
                    ForkContext.Process(target=put_some, args=(hub.resource_msgs, 200))]
        for child in children:
            child.start()
        for child in children:
            child.join(PATIENCE_S)
            self.assertEqual(child.exitcode, 0)
        self.assertTrue(eventually(lambda: len(self.fake.unique()) == 300))
        hub.close()
        numbers = [payload["number"] for _, payload in self.fake.messages()]
        self.assertEqual(sorted(numbers), list(range(300)))

    def test_is_for_putting_only(self) -> None:
        hub = self.make()
        self.fake.silent = True
        hub.resource_msgs.put_nowait((MessageType.NODE_INFO, {}))
        # Sent, and not acknowledged.
        self.assertTrue(eventually(lambda: self.fake.frames))
        self.assertEqual((hub.resource_msgs.qsize(), hub.resource_msgs.empty()), (1, False))
        with self.assertRaises(queue.Empty):
            hub.resource_msgs.get()
        self.fake.silent = False
        hub.resource_msgs.put((MessageType.NODE_INFO, {}))
        self.assertTrue(eventually(hub.resource_msgs.empty))


class UDPRadioTest(Radios):
    def send(self, radio: Any, message: Any) -> None:
        """As a worker does, in another process's copy of the configuration."""
        pickle.loads(pickle.dumps(radio)).create_sender().send(message)

    def test_sends_signed_datagrams_to_the_hub(self) -> None:
        hub = self.make()
        radio = UDPRadio(address="127.0.0.1")
        receiver = radio.create_receiver(run_dir=str(self.run_dir), resource_msgs=hub.resource_msgs)
        for i in range(3):
            self.send(radio, (MessageType.RESOURCE_INFO, {"i": i}))
        self.assertTrue(eventually(lambda: len(self.fake.datagrams) == 3))
        self.assertEqual(self.fake.messages(), [(MessageType.RESOURCE_INFO, {"i": i})
                                                for i in range(3)])
        self.assertEqual(self.fake.bad_datagrams, 0)
        receiver.shutdown()
        self.assertNotIn(KEY.hex()[:16], repr(radio))

    def test_skips_what_is_too_long_and_what_cannot_be_pickled(self) -> None:
        hub = self.make()
        radio = UDPRadio()
        radio.create_receiver(run_dir=str(self.run_dir), resource_msgs=hub.resource_msgs)
        with self.assertLogs("parsl.parsloscope", "ERROR") as logs:
            self.send(radio, (MessageType.RESOURCE_INFO, "x" * 66_000))
            self.send(radio, (MessageType.RESOURCE_INFO, lambda: None))
        self.assertEqual(len(logs.records), 2)
        self.send(radio, (MessageType.RESOURCE_INFO, "x" * 60_000))
        self.assertTrue(eventually(lambda: len(self.fake.datagrams) == 1))

    def test_an_address_that_does_not_resolve_is_asked_for_once(self) -> None:
        hub = self.make()
        radio = UDPRadio(address="no-such-host.invalid")
        radio.create_receiver(run_dir=str(self.run_dir), resource_msgs=hub.resource_msgs)
        failure = OSError("no such host")
        with mock.patch("parsloscope.radio.socket.getaddrinfo", side_effect=failure) as resolve, \
                self.assertLogs("parsl.parsloscope", "ERROR") as logs:
            self.send(radio, (1, {}))
            self.send(radio, (1, {}))
        self.assertEqual((resolve.call_count, len(logs.records)), (1, 1))

    def test_assumes_the_port_when_there_is_no_hub(self) -> None:
        port = free_port()
        hub = MonitoringHub(start_hub=False, hub_port=port)
        hub.start(str(self.run_dir), str(self.folder))
        self.addCleanup(hub.close)
        radio = UDPRadio(address="127.0.0.1")
        radio.create_receiver(run_dir=str(self.run_dir), resource_msgs=hub.resource_msgs)
        late = FakeHub(bytes.fromhex(Path(self.database + ".key").read_text()), port)
        self.addCleanup(late.stop)
        self.send(radio, (1, {}))
        self.assertTrue(eventually(lambda: late.datagrams))

    def test_goes_straight_to_a_hub_beside_parsls_own(self) -> None:
        fake = FakeHub()
        self.addCleanup(fake.stop)
        self.write_key()
        radio = UDPRadio(address="127.0.0.1", port=fake.port, key_file=self.database + ".key")
        parsls = SpawnQueue()
        self.addCleanup(parsls.close)
        radio.create_receiver(run_dir=str(self.run_dir), resource_msgs=parsls).shutdown()
        self.send(radio, (1, {}))
        self.assertTrue(eventually(lambda: fake.datagrams))
        self.assertTrue(parsls.empty())

    def test_is_parsls_own_with_parsls_own_hub(self) -> None:
        parsls = SpawnQueue()
        self.addCleanup(parsls.close)
        radio = UDPRadio(address="127.0.0.1", atexit_timeout=0)
        receiver = radio.create_receiver(run_dir=str(self.run_dir), resource_msgs=parsls)
        self.addCleanup(receiver.shutdown)
        self.send(radio, (MessageType.RESOURCE_INFO, {"i": 1}))
        self.assertEqual(parsls.get(timeout=PATIENCE_S), (MessageType.RESOURCE_INFO, {"i": 1}))

    def test_wants_an_address_with_a_key_file(self) -> None:
        with self.assertRaisesRegex(ValueError, "address"):
            UDPRadio(key_file="key")

    def test_a_missing_key_file_only_warns(self) -> None:
        radio = UDPRadio(address="127.0.0.1", key_file=str(self.folder / "absent"))
        radio.create_receiver(run_dir=str(self.run_dir), resource_msgs=SpawnQueue())
        self.send(radio, (1, {}))
        self.assertEqual(len(self.told()), 1)


class DefaultRadioTest(Radios):
    def chosen(self, hub: Any) -> Any:
        """What the workers get."""
        executor = HighThroughputExecutor()
        radio = executor.remote_monitoring_radio
        self.assertIs(type(radio), DefaultRadio)
        assert radio is not None
        queue = getattr(hub, "resource_msgs", hub)
        radio.create_receiver(run_dir=str(self.run_dir), resource_msgs=queue).shutdown()
        copies = [pickle.loads(pickle.dumps(radio)), dill.loads(dill.dumps(radio))]
        self.assertEqual(type(copies[0]), type(copies[1]))
        self.assertNotIn(b"parsloscope", pickle.dumps(radio))
        return copies[0]

    def test_sends_datagrams_to_a_hub_with_an_address(self) -> None:
        radio = self.chosen(self.make(hub_address="127.0.0.1"))
        self.assertIs(type(radio), ParslUDPRadio)
        radio.create_sender().send((MessageType.RESOURCE_INFO, {}))
        self.assertTrue(eventually(lambda: self.fake.datagrams))
        self.assertEqual((self.fake.bad_datagrams, radio.port), (0, self.fake.port))

    def test_is_parsls_without_an_address(self) -> None:
        self.assertIs(type(self.chosen(self.make())), HTEXRadio)

    def test_is_parsls_with_parsls_own_hub(self) -> None:
        self.assertIs(type(self.chosen(SpawnQueue())), HTEXRadio)

    def test_is_parsls_when_there_is_no_hub(self) -> None:
        hub = self.make(hub_address="127.0.0.1")
        hub._locator.place = None  # type: ignore[union-attr]
        self.assertIs(type(self.chosen(hub)), HTEXRadio)

    def test_is_parsls_when_the_hub_is_out_of_reach(self) -> None:
        hub = self.make(hub_address="10.1.2.3")
        self.assertEqual(hub.place, Place("127.0.0.1", self.fake.port, "127.0.0.1",
                                          os.uname().nodename))
        self.assertIs(type(self.chosen(hub)), HTEXRadio)

    def test_leaves_a_chosen_radio_alone(self) -> None:
        radio = HTEXRadio()
        executor = HighThroughputExecutor(remote_monitoring_radio=radio)
        self.assertIs(executor.remote_monitoring_radio, radio)


if __name__ == "__main__":
    unittest.main()
