"""Files beside the database and in the run's folder, where others can write too."""

import json
import os
import pickle
import stat
import unittest
import uuid
from pathlib import Path
from typing import Callable
from unittest import mock

from parsloscope import leftovers
from parsloscope.files import open_file, read_short
from parsloscope.key import read_key
from parsloscope.launch import Launcher
from parsloscope.locate import MAX_PLACE_BYTES, read_place
from parsloscope.spill import Spill
from tests.support import InFolder

TOLD = {"address": "127.0.0.1", "port": 5, "host": "elsewhere"}
FRAME = b"\0\0\0\5hello"


class PlaceTest(InFolder):
    def place(self, content: bytes) -> object:
        Path(self.database + ".hub").write_bytes(content)
        return read_place(self.database)

    def test_no_more_than_a_few_kilobytes_are_read(self) -> None:
        whole = json.dumps(TOLD).encode()
        self.assertIsNotNone(self.place(whole.ljust(MAX_PLACE_BYTES)))
        self.assertIsNone(self.place(whole.ljust(MAX_PLACE_BYTES + 1)))
        with open(self.database + ".hub", "wb") as file:
            file.truncate(1 << 30)
        with mock.patch("json.loads") as loads:
            self.assertIsNone(read_place(self.database))
        loads.assert_not_called()

    def test_what_leads_nowhere_is_no_place(self) -> None:
        for wrong in ({"port": 0}, {"port": 70_000}, {"port": 10**30}, {"port": -1},
                      {"address": "\x1b[2J"}, {"address": "a" * 256}, {"host": "h" * 256}):
            self.assertIsNone(self.place(json.dumps({**TOLD, **wrong}).encode()), wrong)
        self.assertIsNone(self.place(b"[" * 4000))
        self.assertIsNone(self.place(b"null"))

    def test_links_pipes_and_devices_are_not_followed(self) -> None:
        path = Path(self.database + ".hub")
        target = self.folder / "target"
        target.write_text(json.dumps(TOLD))
        makers: list[Callable[[], object]] = [
            lambda: path.symlink_to(target), lambda: os.mkfifo(path), path.mkdir,
            lambda: path.symlink_to("/dev/zero")]
        for make in makers:
            make()
            self.assertIsNone(read_place(self.database))
            path.rmdir() if path.is_dir() else path.unlink()


class KeyTest(InFolder):
    def test_a_key_is_short_and_no_device(self) -> None:
        path = self.database + ".key"
        with open(path, "wb") as file:
            file.truncate(1 << 30)
        with self.assertRaisesRegex(ValueError, "more than"):
            read_key(path)
        for device in ("/dev/zero", "/dev/null"):
            with self.assertRaisesRegex(OSError, "is no file"):
                read_key(device)

    def test_a_key_beside_the_database_is_ours_unless_it_is_named(self) -> None:
        self.write_key()
        path = self.database + ".key"
        self.assertEqual(len(read_key(path, named=False)), 64)
        with mock.patch("parsloscope.files._is_ours", return_value=False):
            with self.assertRaisesRegex(ValueError, "another user; name the key with key_file"):
                read_key(path, named=False)
            self.assertEqual(len(read_key(path)), 64)
        other = self.folder / "other.key"
        os.rename(path, other)
        os.symlink(other, path)
        with self.assertRaises(OSError):
            read_key(path, named=False)
        self.assertEqual(len(read_key(path)), 64)

    @unittest.skipUnless(hasattr(os, "geteuid") and os.geteuid() == 0, "only root gives files away")
    def test_a_file_of_another_user_is_not_ours(self) -> None:
        path = self.folder / "file"
        path.write_text("text")
        self.assertEqual(read_short(path, 10, owned=True), b"text")
        os.chown(path, 12345, 12345)
        with self.assertRaisesRegex(ValueError, "belongs to another user"):
            read_short(path, 10, owned=True)
        self.assertEqual(read_short(path, 10), b"text")


class SpillTest(InFolder):
    def test_what_is_there_already_is_neither_overwritten_nor_followed(self) -> None:
        victim = self.folder / "victim"
        victim.write_text("precious")
        makers: list[Callable[[Path], object]] = [
            lambda path: path.symlink_to(victim), lambda path: os.link(victim, path),
            lambda path: path.symlink_to(self.folder / "absent"), os.mkfifo]
        for number, make in enumerate(makers):
            path = self.run_dir / f"{number}.spill"
            make(path)
            spill = Spill(str(path))
            spill.append(FRAME)
            self.assertNotEqual(spill.path, str(path))
            self.assertEqual(stat.S_IMODE(os.stat(spill.path).st_mode), 0o600)
            self.assertEqual(spill.pop(), FRAME)
            self.assertFalse(os.path.exists(spill.path))
        self.assertEqual(victim.read_text(), "precious")
        self.assertFalse((self.folder / "absent").exists())

    def test_what_somebody_put_in_its_place_stays(self) -> None:
        spill = Spill(str(self.run_dir / "a.spill"))
        spill.append(FRAME)
        os.rename(spill.path, self.run_dir / "moved")
        Path(spill.path).write_text("somebody's")
        self.assertEqual(spill.pop(), FRAME)
        self.assertEqual(Path(spill.path).read_text(), "somebody's")


class LeftoversTest(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.new = self.run_dir / "monitor-fs-radio" / "new"
        self.new.mkdir(parents=True)
        self.taken: list[bytes] = []

    def sweep(self) -> list[str]:
        leftovers.sweep(str(self.run_dir), self.taken.append)
        return sorted(os.listdir(self.new))

    def test_only_files_of_the_radio_are_taken(self) -> None:
        message = pickle.dumps(("message", 1))
        (self.new / str(uuid.uuid4())).write_bytes(message)
        thesis = self.folder / "thesis.tex"
        thesis.write_bytes(b"x" * 180_000)
        names = {"thesis.tex", "1700000000.M1P2.host", str(uuid.uuid4()).upper()}
        for name in names:
            (self.new / name).write_bytes(message)
        named_like_it = [str(uuid.uuid4()) for _ in range(3)]
        (self.new / named_like_it[0]).write_bytes(thesis.read_bytes())
        (self.new / named_like_it[1]).symlink_to(thesis)
        os.mkfifo(self.new / named_like_it[2])
        self.assertEqual(self.sweep(), sorted([*names, *named_like_it]))
        self.assertEqual(self.taken, [message])
        self.assertEqual(thesis.stat().st_size, 180_000)

    def test_a_folder_that_is_a_link_is_not_entered(self) -> None:
        elsewhere = self.folder / "elsewhere"
        os.rename(self.new, elsewhere)
        self.new.symlink_to(elsewhere)
        (elsewhere / str(uuid.uuid4())).write_bytes(pickle.dumps(1))
        self.assertEqual(len(self.sweep()), 1)
        self.assertEqual(self.taken, [])


class LogTest(InFolder):
    def test_the_log_of_a_hub_is_not_written_through_a_link(self) -> None:
        victim = self.folder / "victim"
        victim.write_text("precious")
        log = self.run_dir / "parsloscope-hub.log"
        log.symlink_to(victim)
        launcher = Launcher(command=["echo", "text"], database=self.database, listen="127.0.0.1",
                            key_file=None, digest="sha512", log=str(log))
        with self.assertRaises(OSError):
            launcher.start(0)
        self.assertEqual(victim.read_text(), "precious")

    def test_a_file_that_is_made_is_its_owners_alone(self) -> None:
        path = self.folder / "new"
        os.close(open_file(path, os.O_WRONLY | os.O_CREAT))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)


if __name__ == "__main__":
    unittest.main()
