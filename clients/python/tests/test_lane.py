"""The reliable lane against the fake hub."""

import os
import pickle
import sys
import threading
import time
import unittest
from collections import Counter
from types import FrameType
from typing import Any, Callable, Optional

from parsloscope.bundle import count_of
from parsloscope.frames import FrameError, FrameReader, Signer
from parsloscope.lane import Lane
from parsloscope.link import Foreign, Link, knock
from tests.fake_hub import KEY, FakeHub
from tests.support import PATIENCE_S, InFolder, eventually
from tests.test_bundle import told
from tests.worker_support import flat


class LaneTest(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.hub: Optional[FakeHub] = None

    def make_hub(self, port: int = 0) -> FakeHub:
        self.hub = FakeHub(port=port)
        self.addCleanup(self.hub.stop)
        return self.hub

    def make_lane(self, memory_limit: int = 64 << 20) -> Lane:
        lane = Lane(Signer(KEY), self.connect, str(self.run_dir), memory_limit)
        lane.start()
        self.addCleanup(lane.close, 0)
        return lane

    def connect(self, client: str, waiting: bool) -> Optional[Link]:
        if self.hub is None:
            return None
        try:
            return knock("127.0.0.1", self.hub.port, client, Signer(KEY))
        except (OSError, Foreign):
            return None

    def spill_files(self) -> list[str]:
        return [name for name in os.listdir(self.run_dir) if name.endswith(".spill")]

    def test_delivers_in_order_and_counts_acknowledgements(self) -> None:
        hub = self.make_hub()
        lane = self.make_lane()
        sent = [b"message %d" % i for i in range(5000)]
        for message in sent:
            lane.put(message)
        lane.close(PATIENCE_S)
        self.assertTrue(lane.clear)
        self.assertEqual(lane.delivered, 5000)
        self.assertEqual(hub.unique(), sent)
        self.assertEqual([number for _, number, _ in hub.frames], list(range(1, 5001)))

    def test_delivered_are_messages_however_they_travel(self) -> None:
        hub = self.make_hub()
        lane = self.make_lane()
        for i in range(1000):
            lane.put(told(i))
        lane.close(PATIENCE_S)
        self.assertEqual((lane.delivered, lane.pending), (1000, 0))
        self.assertLess(len(hub.frames), 1000)
        self.assertEqual([said["task_id"] for _, said in flat(hub.messages())], list(range(1000)))

    def test_sends_again_after_a_cut_and_nothing_that_is_acknowledged(self) -> None:
        hub = self.make_hub()
        lane = self.make_lane()
        lane.put(b"first")
        self.assertTrue(eventually(lambda: lane.delivered == 1))
        hub.cut_after = 3
        sent = [b"message %d" % i for i in range(10)]
        for message in sent:
            lane.put(message)
        self.assertTrue(eventually(lambda: len(hub.hellos) == 2))
        lane.close(PATIENCE_S)
        self.assertEqual(hub.unique(), [b"first", *sent])
        self.assertEqual(set(hub.hellos), {lane.client})
        numbers = [number for _, number, _ in hub.frames]
        self.assertEqual(numbers.count(1), 1)
        self.assertEqual(numbers, [1, 2, 3, 4, *range(2, 12)])

    def test_does_not_send_what_the_hello_acknowledges(self) -> None:
        hub = self.make_hub()
        hub.silent = True
        lane = self.make_lane()
        for i in range(4):
            lane.put(b"%d" % i)
        self.assertTrue(eventually(lambda: len(hub.frames) == 4))
        self.assertEqual(lane.delivered, 0)
        port = hub.port
        hub.stop()
        self.assertTrue(eventually(lambda: not lane.connected))
        self.hub = None
        after = FakeHub(port=port)
        self.addCleanup(after.stop)
        after.acknowledged[lane.client] = 3
        self.hub = after
        lane.close(PATIENCE_S)
        self.assertTrue(lane.clear)
        self.assertEqual([(n, m) for _, n, m in after.frames], [(4, b"3")])

    def test_spills_what_memory_does_not_hold_and_reads_it_back_in_order(self) -> None:
        lane = self.make_lane(memory_limit=20_000)
        sent = [b"%06d" % i * 50 for i in range(2000)]
        for message in sent:
            lane.put(message)
        self.assertTrue(eventually(lambda: not lane._inbox and self.spill_files()))
        self.assertLessEqual(lane._backlog.held, 21_000)
        hub = self.make_hub()
        self.assertTrue(eventually(lambda: lane.delivered > 0))
        late = [b"late %d" % i for i in range(100)]
        for message in late:
            lane.put(message)
        lane.close(PATIENCE_S)
        self.assertTrue(lane.clear)
        self.assertEqual(hub.unique(), sent + late)
        self.assertEqual(self.spill_files(), [])

    def test_leaves_exactly_what_is_not_acknowledged(self) -> None:
        lane = self.make_lane(memory_limit=20_000)
        sent = [b"%06d" % i * 50 for i in range(500)]
        for message in sent:
            lane.put(message)
        # Nobody acknowledges: only the time that it is given can end it.
        lane.close(0.3)
        self.assertFalse(lane.clear)
        self.assertEqual(list(lane.leftover()), sent)
        self.assertEqual(self.spill_files(), [])
        lane.put(b"too late")
        self.assertEqual(lane.lost, 1)

    def test_what_travels_together_is_left_whole(self) -> None:
        lane = self.make_lane(memory_limit=20_000)
        for i in range(1000):
            lane.put(told(i))
        lane.close(0.3)
        left = list(lane.leftover())
        self.assertEqual(sum(map(count_of, left)), 1000)
        self.assertEqual(len(list(flat([pickle.loads(data) for data in left]))), 1000)

    def test_puts_of_many_threads_all_arrive_once(self) -> None:
        hub = self.make_hub()
        lane = self.make_lane()

        def work(name: int) -> None:
            for i in range(500):
                lane.put(b"%d %d" % (name, i))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lane.close(PATIENCE_S)
        self.assertEqual(len(hub.frames), 4000)
        self.assertEqual(len(set(hub.unique())), 4000)

    def test_does_not_block_when_the_hub_reads_nothing(self) -> None:
        hub = self.make_hub()
        hub.stalled = True
        lane = self.make_lane(memory_limit=1 << 20)
        self.assertTrue(eventually(lambda: lane.connected))
        sent = [b"%03d" % i * 30_000 for i in range(300)]
        for message in sent:
            lane.put(message)
        self.assertEqual(hub.frames, [])
        self.assertTrue(eventually(lambda: self.spill_files()))
        hub.stalled = False
        lane.close(PATIENCE_S)
        self.assertEqual(hub.unique(), sent)

    def test_takes_a_message_without_working_on_it(self) -> None:
        self.make_hub()
        lane = self.make_lane()
        called: Counter[str] = Counter()

        def note(frame: FrameType, event: str, argument: Any) -> None:
            if event == "call":
                called[frame.f_code.co_name] += 1
            elif event == "c_call":
                called[argument.__name__] += 1

        message = pickle.dumps({f"name_{i}": f"value {i}" for i in range(20)})
        sys.setprofile(note)
        try:
            for _ in range(20_000):
                lane.put(message)
        finally:
            sys.setprofile(None)
        del called["setprofile"]
        # It is put aside, and the lane's own thread is woken where it sleeps.
        self.assertEqual((called["put"], called["append"]), (20_000, 20_000))
        self.assertEqual(set(called) - {"put", "append", "_wake", "send"}, set())
        lane.close(PATIENCE_S)
        self.assertTrue(lane.clear)

    def test_does_nothing_when_idle(self) -> None:
        self.make_hub()
        steps: list[float] = []

        class Counted(Lane):
            def _step(self) -> None:
                steps.append(0)
                super()._step()

        lane = Counted(Signer(KEY), self.connect, str(self.run_dir))
        lane.start()
        self.addCleanup(lane.close, 0)
        lane.put(b"first")
        self.assertTrue(eventually(lambda: lane.delivered == 1 and lane._idle))
        before = len(steps)
        time.sleep(1)
        # Some that were under way; one that looked round now and then would take 20.
        self.assertLess(len(steps) - before, 5)


class HelloTest(unittest.TestCase):
    def refuses(self, prepare: Callable[[FakeHub], None], key: bytes = KEY) -> FakeHub:
        hub = FakeHub()
        self.addCleanup(hub.stop)
        prepare(hub)
        with self.assertRaises(Foreign):
            knock("127.0.0.1", hub.port, "me", Signer(key))
        return hub

    def test_another_key_is_foreign(self) -> None:
        hub = self.refuses(lambda hub: None, key=b"another key")
        self.assertEqual((hub.refused, hub.hellos), (1, []))

    def test_an_answer_signed_by_another_is_foreign(self) -> None:
        hub = self.refuses(lambda hub: setattr(hub, "forge", True))
        self.assertEqual(hub.hellos, [])

    def test_an_answer_to_another_hello_is_foreign(self) -> None:
        hub = self.refuses(lambda hub: setattr(hub, "stale_nonce", "0" * 64))
        self.assertEqual(hub.hellos, [])

    def test_a_hub_of_another_version_says_what_to_update(self) -> None:
        hub = FakeHub()
        self.addCleanup(hub.stop)
        hub.instead = {"client": None, "refused": "update the client", "acknowledged": "update"}
        with self.assertRaisesRegex(Foreign, "does not take this client: update the client"):
            knock("127.0.0.1", hub.port, "me", Signer(KEY))

    def test_answers_of_any_shape_are_foreign(self) -> None:
        shapes: list[Any] = [{}, [], 1, "text", {"client": "me"}, {"acknowledged": 1},
                             {"client": "me", "acknowledged": 10**6}, {"refused": "x" * 60_000}]
        for shape in shapes:
            with self.subTest(shape=repr(shape)[:60]):
                def prepare(hub: FakeHub, shape: Any = shape) -> None:
                    hub.instead = shape

                self.refuses(prepare)

    def test_nobody_there_is_an_os_error(self) -> None:
        hub = FakeHub()
        hub.stop()
        with self.assertRaises(OSError):
            knock("127.0.0.1", hub.port, "me", Signer(KEY))


class FramesTest(unittest.TestCase):
    def test_reads_frames_in_any_pieces(self) -> None:
        signer = Signer(KEY)
        stream = signer.frame(b"one") + signer.frame(b"") + signer.numbered(7, b"three")
        for size in (1, 7, 1000):
            reader = FrameReader(signer)
            bodies: list[bytes] = []
            for at in range(0, len(stream), size):
                bodies += reader.feed(stream[at:at + size])
            self.assertEqual(bodies, [b"one", b"", b"\0\0\0\0\0\0\0\7three"])

    def test_refuses_a_changed_body(self) -> None:
        frame = bytearray(Signer(KEY).frame(b"body"))
        frame[-1] ^= 1
        with self.assertRaises(FrameError):
            FrameReader(Signer(KEY)).feed(bytes(frame))

    def test_refuses_a_length_beyond_the_limit(self) -> None:
        with self.assertRaises(FrameError):
            FrameReader(Signer(KEY)).feed(b"\xff\xff\xff\xff")

    def test_holds_no_more_than_an_answer_of_a_hub(self) -> None:
        reader = FrameReader(Signer(KEY))
        with self.assertRaises(FrameError):
            reader.feed((64 * 1024 + 1).to_bytes(4, "big"))
        reader = FrameReader(Signer(KEY), limit=1 << 20)
        self.assertEqual(reader.feed(Signer(KEY).frame(bytes(100_000))), [bytes(100_000)])


if __name__ == "__main__":
    unittest.main()
