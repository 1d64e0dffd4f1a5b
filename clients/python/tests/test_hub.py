"""MonitoringHub: its arguments, finding and starting a hub, and its end."""

import json
import os
import shlex
import stat
import subprocess
import sys
import time
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import parsl
from parsl.monitoring.message_type import MessageType
from parsl.monitoring.radios.filesystem import FilesystemRadioSender

from parsloscope import MonitoringHub
from parsloscope.endpoint import database_of
from parsloscope.key import make_key, read_key
from parsloscope.launch import HUB_FLAGS, find_command
from parsloscope.locate import read_place
from tests.fake_hub import KEY, FakeHub
from tests.support import PATIENCE_S, InFolder, eventually, free_port, unpickle_all

FAKE = [sys.executable, str(Path(__file__).with_name("fake_hub.py"))]


def note(number: int) -> Any:
    """Some message."""
    return (MessageType.TASK_INFO, {"task_id": number})


class HubTest(InFolder):
    def make(self, **options: Any) -> MonitoringHub:
        options = {"hub_port": free_port(), "start_hub": False, "close_timeout": PATIENCE_S,
                   **options}
        hub = MonitoringHub(**options)
        hub.start(str(self.run_dir), str(self.folder))
        self.addCleanup(hub.close)
        return hub

    def fake(self, key: bytes = KEY) -> FakeHub:
        fake = FakeHub(key, database=self.database)
        self.addCleanup(fake.stop)
        return fake

    def received(self) -> Any:
        Path(self.database + ".enough").touch()
        path = Path(self.database + ".received")
        self.assertTrue(eventually(path.exists))
        self.assertTrue(eventually(lambda: not os.path.exists(self.database + ".hub")))
        return unpickle_all(path.read_bytes())

    def test_finds_the_hub_by_the_file_beside_the_database(self) -> None:
        self.write_key()
        fake = self.fake()
        fake.announce(self.database)
        hub = self.make()
        for i in range(10):
            hub.resource_msgs.put(note(i))
        hub.close()
        self.assertEqual(fake.messages(), [note(i) for i in range(10)])
        self.assertEqual((self.told(), self.kept()), ([], []))
        hub.close()

    def test_finds_the_hub_at_its_address(self) -> None:
        fake = self.fake()
        with mock.patch.dict(os.environ, {"PARSLOSCOPE_KEY": KEY.hex()}):
            hub = self.make(hub_address="127.0.0.1", hub_port=fake.port)
        hub.resource_msgs.put(note(1))
        hub.close()
        self.assertEqual(fake.messages(), [note(1)])
        self.assertFalse(os.path.exists(self.database + ".key"))
        self.assertEqual(self.deprecations(), [])

    def test_looks_elsewhere_when_the_file_is_stale(self) -> None:
        self.write_key()
        gone = self.fake()
        gone.announce(self.database)
        gone.stop()
        fake = self.fake()
        hub = self.make(hub_port=fake.port)
        hub.resource_msgs.put(note(1))
        hub.close()
        self.assertEqual(fake.messages(), [note(1)])

    def test_starts_a_hub_that_outlives_it(self) -> None:
        gate = Path(self.database + ".gate")
        gate.touch()
        hub = self.make(start_hub=True, command=shlex.join(FAKE), key_file=str(self.folder / "k"))
        hub.resource_msgs.put(note(1))
        # It was put before there was a hub.
        self.assertIsNone(hub.place)
        gate.unlink()
        self.assertTrue(eventually(lambda: hub.place is not None))
        hub.close()
        self.assertEqual(self.received(), [note(1)])
        self.assertEqual(self.told(), [])
        log = (self.run_dir / "parsloscope-hub.log").read_text()
        self.assertEqual(json.loads(log.split("arguments ")[1].splitlines()[0]), [
            "hub", self.database, "--listen", "127.0.0.1", "--port", str(hub.hub_port),
            "--key-file", str(self.folder / "k"), "--stop-when-idle", "60"])

    def test_starts_its_own_where_somebody_elses_has_the_port(self) -> None:
        foreign = self.fake(b"somebody else's key")
        hub = self.make(start_hub=True, command=FAKE, hub_port=foreign.port)
        hub.resource_msgs.put(note(1))
        self.assertTrue(eventually(lambda: hub.place is not None))
        assert hub.place is not None
        self.assertNotEqual(hub.place.port, foreign.port)
        hub.close()
        self.assertEqual(self.received(), [note(1)])
        self.assertEqual((foreign.frames, self.told()), ([], []))

    def test_keeps_everything_when_there_is_no_hub(self) -> None:
        hub = self.make()
        for i in range(1000):
            hub.resource_msgs.put(note(i))
        before = time.monotonic()
        self.assertTrue(eventually(lambda: self.told()))
        self.assertIn(f"parsloscope hub {self.database}", self.told()[0])
        hub.close()
        # It knows that waiting is of no use, and does not wait as long as it may.
        self.assertLess(time.monotonic() - before, PATIENCE_S)
        self.assertEqual(self.kept(), [note(i) for i in range(1000)])
        self.assertEqual(len(self.told()), 2)
        self.assertIn(f"parsloscope hub {self.database} --fs-radio "
                      f"{self.run_dir / 'monitor-fs-radio'}", self.told()[1])

    def test_another_key_warns_once_and_does_not_hang(self) -> None:
        self.write_key(b"not the hub's")
        fake = self.fake()
        fake.announce(self.database)
        hub = self.make(close_timeout=2)
        hub.resource_msgs.put(note(1))
        self.assertTrue(eventually(lambda: fake.refused > 2))
        self.assertEqual(len(self.told()), 1)
        self.assertIn("another key", self.told()[0])
        hub.close()
        self.assertEqual(self.kept(), [note(1)])
        self.assertEqual(fake.frames, [])

    def test_a_command_that_fails_is_told(self) -> None:
        hub = self.make(start_hub=True, command=[sys.executable, "-c", "raise SystemExit(3)"])
        hub.resource_msgs.put(note(1))
        self.assertTrue(eventually(lambda: self.told()))
        self.assertIn("status 3", self.told()[0])
        hub.close()
        self.assertEqual(self.kept(), [note(1)])

    def test_what_cannot_be_pickled_is_counted(self) -> None:
        self.write_key()
        fake = self.fake()
        hub = self.make(hub_port=fake.port)
        with self.assertLogs("parsl.parsloscope", "ERROR") as logs:
            hub.resource_msgs.put(note(lambda: None))  # type: ignore[arg-type]
            hub.resource_msgs.put((MessageType.BLOCK_INFO, [lambda: None]))
            hub.resource_msgs.put(note(2))
            hub.close()
        self.assertEqual((len(logs.records), hub.resource_msgs.refused), (1, 2))
        self.assertEqual(fake.messages(), [note(2)])

    def test_takes_what_parsls_files_radio_has_left(self) -> None:
        self.write_key()
        fake = self.fake()
        hub = self.make(hub_port=fake.port)
        FilesystemRadioSender(run_dir=str(self.run_dir)).send(note(1))
        self.assertEqual(self.kept(), [note(1)])
        hub.close()
        self.assertEqual(fake.messages(), [note(1)])
        self.assertEqual(self.kept(), [])

    def test_close_without_start_does_nothing(self) -> None:
        MonitoringHub().close()

    def test_a_key_that_cannot_be_read_does_not_stop_the_workflow(self) -> None:
        Path(self.database + ".key").mkdir()
        hub = self.make()
        hub.resource_msgs.put(note(1))
        hub.close()
        self.assertEqual(self.kept(), [note(1)])

    @unittest.skipUnless(hasattr(os, "mkfifo"), "there are no named pipes here")
    def test_pipes_in_the_place_of_files_hold_nothing_up(self) -> None:
        os.mkfifo(self.database + ".hub")
        os.mkfifo(self.database + ".key")
        waiting = Path(self.run_dir, "monitor-fs-radio", "new")
        waiting.mkdir(parents=True)
        os.mkfifo(waiting / "message")
        os.mkfifo(Path(self.run_dir, "parsloscope-hub.log"))
        self.assertIsNone(read_place(self.database))
        with self.assertRaisesRegex(OSError, "is no file"):
            read_key(self.database + ".key")
        hub = self.make(start_hub=True, command=FAKE)
        hub.resource_msgs.put(note(1))
        hub.close()
        (waiting / "message").unlink()
        self.assertEqual(self.kept(), [note(1)])

    def test_a_program_that_forgets_to_close_loses_nothing(self) -> None:
        script = ("import sys; from parsloscope import MonitoringHub\n"
                  f"hub = MonitoringHub(start_hub=False, hub_port={free_port()}, "
                  f"close_timeout={2 * PATIENCE_S})\n"
                  f"hub.start({str(self.run_dir)!r}, {str(self.folder)!r})\n"
                  "hub.resource_msgs.put((1, {}))\n")
        # It does not wait as long as it may for a hub that never was.
        subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True,
                       timeout=PATIENCE_S)
        self.assertEqual(self.kept(), [(1, {})])


class ArgumentsTest(InFolder):
    def test_is_parsls_and_shows_all_arguments(self) -> None:
        hub = MonitoringHub("10.0.0.1", hub_port=55055, workflow_name="name", memory_limit=1000)
        parsl.Config(monitoring=hub)
        self.assertEqual(self.deprecations(), [])
        for text in ("hub_address='10.0.0.1'", "memory_limit=1000", "workflow_name='name'"):
            self.assertIn(text, repr(hub))

    def test_works_without_sqlalchemy(self) -> None:
        script = ("import sys; sys.modules['sqlalchemy'] = None\n"
                  "from parsloscope import MonitoringHub; MonitoringHub()")
        subprocess.run([sys.executable, "-c", script], check=True, timeout=PATIENCE_S)

    def test_only_sqlite_files_are_taken(self) -> None:
        for endpoint in ("postgresql://host/db", "sqlite://", "sqlite:///:memory:",
                         "monitoring.db"):
            with self.assertRaisesRegex(ValueError, "sqlite:////abs/path"):
                MonitoringHub(logging_endpoint=endpoint)
        self.assertEqual(database_of("sqlite:////a/b.db?timeout=3"), "/a/b.db")
        self.assertEqual(database_of("sqlite:///b.db"), os.path.abspath("b.db"))

    def test_the_key_is_made_once_and_for_the_owner_only(self) -> None:
        path = str(self.folder / "deep" / "key")
        make_key(path)
        key = read_key(path)
        make_key(path)
        self.assertEqual(read_key(path), key)
        self.assertEqual(len(key), 64)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(os.listdir(self.folder / "deep"), ["key"])

    def test_the_command(self) -> None:
        with mock.patch.dict(os.environ, {"PARSLOSCOPE": "my 'own hub' -x"}):
            self.assertEqual(find_command(None), ["my", "own hub", "-x"])
            self.assertEqual(find_command(["given"]), ["given"])
        program = self.folder / "parsloscope"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        with mock.patch.dict(os.environ, {"PARSLOSCOPE": "", "PATH": str(self.folder)}):
            self.assertEqual(find_command(None), [str(program)])
        program.unlink()
        bundle, deno = self.folder / "parsloscope.mjs", self.folder / "deno"
        for file in (bundle, deno):
            file.write_text("#!/bin/sh\n")
            file.chmod(0o755)
        with_deno = [str(deno), "run", *HUB_FLAGS, str(bundle)]
        with mock.patch.dict(os.environ, {"PARSLOSCOPE": "", "PATH": str(self.folder)}):
            self.assertEqual(find_command(None), with_deno)
            self.assertEqual(find_command(str(bundle)), with_deno)
            self.assertEqual(find_command([str(deno), "run", str(bundle)]),
                             [str(deno), "run", str(bundle)])
            deno.unlink()
            self.assertEqual(find_command(None), [str(bundle)])

    def test_where_a_hub_of_another_machine_is(self) -> None:
        told = {"address": "0.0.0.0", "port": 5, "host": "elsewhere"}
        Path(self.database + ".hub").write_text(json.dumps(told))
        place = read_place(self.database)
        assert place is not None
        self.assertEqual((place.address, place.port, place.here), ("elsewhere", 5, False))
        Path(self.database + ".hub").write_text("{")
        self.assertIsNone(read_place(self.database))


if __name__ == "__main__":
    unittest.main()
