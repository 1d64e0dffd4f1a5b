"""The memory that a worker and its helper share."""

import os
import sys
import unittest
from typing import Any

from parsloscope_worker.proc import OpenFile
from parsloscope_worker.slot import Slot


def note(task: int) -> tuple[Any, ...]:
    return (task, 0, 1.5, (b"text", None, (2, 3)))


class SlotTest(unittest.TestCase):
    def test_each_note_is_read_once(self) -> None:
        slot = Slot()
        self.assertEqual((slot.read(), slot.fresh), (None, False))
        slot.write(note(1))
        self.assertTrue(slot.fresh)
        self.assertEqual(slot.read(), note(1))
        self.assertEqual((slot.read(), slot.fresh), (None, False))
        slot.write(note(2))
        slot.write(note(3))
        self.assertEqual(slot.read(), note(3))

    def test_a_note_that_is_half_written_is_none(self) -> None:
        slot = Slot()
        slot.write(note(1))
        slot._memory[10:20] = bytes(10)
        self.assertIsNone(slot.read())
        self.assertTrue(slot.fresh)

    def test_the_writer_learns_that_the_reader_sleeps(self) -> None:
        slot = Slot()
        self.assertFalse(slot.write(note(1)))
        slot.asleep = True
        self.assertTrue(slot.write(note(2)))
        self.assertTrue(slot.asleep)
        slot.asleep = False
        self.assertFalse(slot.write(note(3)))

    def test_a_note_that_is_too_long_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            Slot().write((b"x" * 5000,))

    def test_a_forked_process_sees_the_notes(self) -> None:
        slot = Slot()
        child = os.fork()
        if child == 0:
            slot.write(note(7))
            os._exit(0)
        os.waitpid(child, 0)
        self.assertEqual(slot.read(), note(7))


@unittest.skipUnless(sys.platform == "linux", "there is no /proc")
class OpenFileTest(unittest.TestCase):
    def file(self) -> OpenFile:
        return OpenFile("/proc/self/stat", os.O_RDONLY)

    def pid(self, file: OpenFile) -> int:
        return int(file.read().split()[0])

    def test_it_tells_what_is_there_now(self) -> None:
        file = OpenFile("/proc/self/io", os.O_RDONLY)
        first, second = file.read(), file.read()
        self.assertLess(int(first.split()[1]), int(second.split()[1]))

    def test_one_that_was_closed_is_opened_again(self) -> None:
        file = self.file()
        file.read()
        os.close(file._handle)
        self.assertEqual(self.pid(file), os.getpid())

    def test_another_file_by_its_number_is_left_alone(self) -> None:
        file = self.file()
        file.read()
        reading, writing = os.pipe()
        os.dup2(reading, file._handle)
        taken = file._handle
        self.assertEqual(self.pid(file), os.getpid())
        self.assertNotEqual(file._handle, taken)
        for handle in (reading, writing, taken):
            os.close(handle)

    def test_a_forked_process_reads_its_own(self) -> None:
        file = self.file()
        file.read()
        child = os.fork()
        if child == 0:
            os._exit(0 if self.pid(file) == os.getpid() else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)


if __name__ == "__main__":
    unittest.main()
