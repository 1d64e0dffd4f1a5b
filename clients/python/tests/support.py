"""What the tests share."""

import io
import pickle
import tempfile
import time
import unittest
import warnings
from pathlib import Path
from typing import Any, Callable

from tests.fake_hub import KEY, quiet_sockets

# Reached only by what hangs: no test asks how fast the machine is.
PATIENCE_S = 300.0


def eventually(ask: Callable[[], object]) -> bool:
    """Whether the answer becomes true, however long it takes within PATIENCE_S."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if ask():
            return True
        time.sleep(0.02)
    return bool(ask())


def unpickle_all(data: bytes) -> list[Any]:
    """The objects of pickles behind each other."""
    stream = io.BytesIO(data)
    objects = []
    while stream.tell() < len(data):
        objects.append(pickle.load(stream))
    return objects


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to nobody."""
    server, udp = quiet_sockets()
    with server, udp:
        return int(server.getsockname()[1])


class InFolder(unittest.TestCase):
    """A test with a folder of its own, in which warnings are collected."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="parsloscope-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.run_dir = self.folder / "000"
        self.run_dir.mkdir()
        self.database = str(self.folder / "monitoring.db")
        caught = warnings.catch_warnings(record=True)
        self._warnings = caught.__enter__()
        self.addCleanup(caught.__exit__, None, None, None)
        warnings.simplefilter("always")

    def write_key(self, key: bytes = KEY) -> None:
        """Puts the key beside the database."""
        Path(self.database + ".key").write_text(key.hex())

    def told(self) -> list[str]:
        """Our warnings so far."""
        return [str(w.message) for w in self._warnings if "Parsloscope" in str(w.message)]

    def deprecations(self) -> list[str]:
        """Parsl's deprecation warnings so far."""
        return [str(w.message) for w in self._warnings
                if w.category is DeprecationWarning and "hub" in str(w.message)]

    def kept(self) -> list[Any]:
        """The messages left for --fs-radio."""
        files = list((self.run_dir / "monitor-fs-radio" / "new").glob("*"))
        return [message for file in files for message in unpickle_all(file.read_bytes())]
