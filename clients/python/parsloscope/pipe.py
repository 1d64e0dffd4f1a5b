"""Reads what child processes put into the queue, without unpickling it."""

import selectors
import socket
import threading
from multiprocessing.connection import Connection
from typing import Any, Callable

from parsloscope.notice import logger


class PipeReader:
    """A daemon thread that hands on each message of a multiprocessing pipe as bytes."""

    def __init__(self, reader: "Connection", forward: Callable[[bytes], None],
                 semaphore: Any) -> None:
        self._reader = reader
        self._forward = forward
        self._semaphore = semaphore
        self._closing = threading.Event()
        self._wake_in, self._wake_out = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="parsloscope-pipe", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the thread still reads."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begins to read."""
        self._thread.start()

    def close(self, timeout: float) -> None:
        """Takes what is in the pipe and ends. A message that its sender left half is given up."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._wake_out.send(b"\0")
        if self._thread.ident is not None:
            self._thread.join(timeout)
        if not self._thread.is_alive():
            self._wake_in.close()
            self._wake_out.close()

    def _run(self) -> None:
        selector = selectors.DefaultSelector()
        selector.register(self._reader.fileno(), selectors.EVENT_READ)
        selector.register(self._wake_in, selectors.EVENT_READ, "wake")
        try:
            while True:
                ready = selector.select()
                if any(key.data is None for key, _ in ready):
                    self._take()
                elif self._closing.is_set():
                    return
        except (OSError, EOFError):
            logger.info("The pipe of the child processes is closed", exc_info=True)
        finally:
            selector.close()

    def _take(self) -> None:
        data = self._reader.recv_bytes()
        try:
            # As Queue.get does: each put has taken one.
            self._semaphore.release()
        except ValueError:
            pass
        self._forward(data)
