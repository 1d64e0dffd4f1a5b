"""The reliable lane: takes messages at once, delivers each of them to the hub."""

import json
import os
import random
import selectors
import socket
import threading
import time
import uuid
from collections import deque
from typing import Callable, Deque, Iterator, Optional, Tuple

from parsloscope.frames import MAX_FRAME, FrameError, Signer
from parsloscope.link import Link
from parsloscope.notice import logger, warn
from parsloscope.spill import Spill

BATCH = 256 * 1024
PACE = 0.05
SILENCE = 30.0
GLANCE = 1.0
BACKOFF = (0.1, 5.0)
# Bytes that a frame costs beside its message: 4 + 8 and the signature, and what Python adds.
OVERHEAD = 250

# Gives a link to the hub, or None when there is none now. The second argument tells whether
# messages are waiting.
Connect = Callable[[str, bool], Optional[Link]]


class Lane:
    """Numbers, signs, sends and resends messages from one daemon thread.

    `put` never blocks and never raises. What memory does not hold goes to a file in `run_dir`.
    `hopeless` tells that waiting for a hub is of no use; then `close` waits for a second at most.
    """

    def __init__(self, signer: Signer, connect: Connect, run_dir: str,
                 memory_limit: int = 64 * 1024 * 1024,
                 hopeless: Callable[[], bool] = lambda: False) -> None:
        self.client = uuid.uuid4().hex
        self.delivered = 0
        self.lost = 0
        self._signer = signer.of(self.client)
        self._connect = connect
        self._hopeless = hopeless
        self._limit = memory_limit
        self._spill = Spill(os.path.join(run_dir, f"parsloscope-{self.client[:8]}.spill"))
        self._inbox: Deque[bytes] = deque()
        self._sent: Deque[Tuple[int, bytes]] = deque()
        self._unsent: Deque[Tuple[int, bytes]] = deque()
        self._held = 0
        self._number = 0
        self._out = memoryview(b"")
        self._link: Optional[Link] = None
        self._fresh: Optional[Link] = None
        self._seeking: Optional[threading.Thread] = None
        self._progress = 0.0
        self._idle = False
        self._closed = False
        self._closing = threading.Event()
        self._stop = threading.Event()
        self._deadline = 0.0
        self._glance = 0.0
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake_in, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="parsloscope-lane", daemon=True)

    def start(self) -> None:
        """Begins to look for the hub and to send."""
        self._thread.start()

    def put(self, message: bytes) -> None:
        """Takes one message, from any thread."""
        if self._closed:
            self.lost += 1
            return
        self._inbox.append(message)
        if self._idle:
            self._idle = False
            self._wake()

    @property
    def connected(self) -> bool:
        """Whether a hub is connected now."""
        return self._link is not None

    @property
    def pending(self) -> int:
        """How many messages no hub has acknowledged, those on disk left out."""
        return len(self._inbox) + len(self._sent) + len(self._unsent)

    @property
    def clear(self) -> bool:
        """Whether every message is acknowledged."""
        return not (self._inbox or self._sent or self._unsent or self._spill)

    def close(self, timeout: float) -> None:
        """Waits up to `timeout` seconds for the last acknowledgement, then ends the lane."""
        if self._closed:
            return
        self._glance = time.monotonic() + GLANCE
        self._deadline = time.monotonic() + max(0.0, timeout)
        self._closing.set()
        self._wake()
        if self._thread.ident is not None:
            self._thread.join(max(0.0, timeout) + 2.0)
        self._closed = True
        self._stop.set()
        if not self._thread.is_alive():
            self._selector.close()
            self._wake_in.close()
            self._wake_out.close()
        link, self._fresh = self._fresh, None
        if link is not None:
            link.sock.close()

    def leftover(self) -> Iterator[bytes]:
        """The messages that no hub acknowledged, oldest first; to be asked after `close`."""
        for queue in (self._sent, self._unsent):
            while queue:
                yield self._signer.message(queue.popleft()[1])
        for frame in self._spill.drain():
            yield self._signer.message(frame)
        while self._inbox:
            yield self._inbox.popleft()
        self._held = 0

    def _wake(self) -> None:
        try:
            self._wake_out.send(b"\0")
        except OSError:
            # Full: it wakes anyway.
            pass

    def _run(self) -> None:
        try:
            while not self._finished():
                self._step()
        except Exception:
            logger.exception("The lane to the hub ended")
            warn("Parsloscope: the lane to the hub failed; the messages are kept for the end of "
                 "the run. The log says why.")
            self._closing.wait()
        finally:
            self._drop()

    def _finished(self) -> bool:
        if not self._closing.is_set():
            return False
        now = time.monotonic()
        if self._link is None and now >= self._glance and self._hopeless():
            return True
        return self.clear or now >= self._deadline

    def _step(self) -> None:
        self._adopt()
        self._take()
        if self._link is None:
            self._seek()
        else:
            self._refill()
            self._send()
        self._wait()

    def _take(self) -> None:
        """Makes frames of what came in, at most some thousands at a time."""
        for _ in range(min(len(self._inbox), 4096)):
            message = self._inbox.popleft()
            if len(message) > MAX_FRAME - 128:
                self.lost += 1
                logger.error("A message of %d bytes is too long for the hub", len(message))
                continue
            self._number += 1
            frame = self._signer.numbered(self._number, message)
            if not self._spill and self._held + len(frame) <= self._limit:
                self._hold(self._number, frame)
                continue
            try:
                self._spill.append(frame)
            except OSError as error:
                if self.lost == 0:
                    warn(f"Parsloscope: {self._spill.path} cannot be written ({error}) and memory "
                         "is used up; monitoring messages are lost.")
                self.lost += 1

    def _hold(self, number: int, frame: bytes) -> None:
        self._unsent.append((number, frame))
        self._held += len(frame) + OVERHEAD

    def _refill(self) -> None:
        """Brings frames back from disk when half of the memory is free."""
        if not self._spill or self._held > self._limit // 2:
            return
        start = self._signer.size + 4
        while self._spill and self._held <= self._limit:
            frame = self._spill.pop()
            self._hold(int.from_bytes(frame[start:start + 8], "big"), frame)

    def _send(self) -> None:
        assert self._link is not None
        try:
            while True:
                if not self._out:
                    if not self._unsent:
                        return
                    self._out = self._batch()
                self._out = self._out[self._link.sock.send(self._out):]
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._lose(error)

    def _batch(self) -> memoryview:
        if not self._sent:
            self._progress = time.monotonic()
        frames = []
        size = 0
        while self._unsent and (not frames or size + len(self._unsent[0][1]) <= BATCH):
            item = self._unsent.popleft()
            self._sent.append(item)
            frames.append(item[1])
            size += len(item[1])
        return memoryview(b"".join(frames))

    def _wait(self) -> None:
        """Sleeps until there is something to do."""
        timeout: Optional[float] = None
        if self._link is not None:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0)
            self._selector.modify(self._link.sock, events)
            if self._sent:
                timeout = SILENCE
        if self._closing.is_set():
            timeout = max(0.0, min(PACE, self._deadline - time.monotonic()))
        self._idle = True
        if self._inbox or self._fresh is not None:
            timeout = 0.0
        ready = self._selector.select(timeout)
        self._idle = False
        for key, events in ready:
            if key.fileobj is self._wake_in:
                self._woken()
            elif events & selectors.EVENT_READ:
                self._receive()
        silent = time.monotonic() - self._progress > SILENCE
        if self._link is not None and self._sent and silent:
            self._lose(TimeoutError(f"no acknowledgement for {SILENCE:.0f} s"))

    def _woken(self) -> None:
        try:
            while self._wake_in.recv(4096):
                pass
        except OSError:
            pass
        # Lets more messages come, so that they travel together.
        self._closing.wait(PACE)

    def _receive(self) -> None:
        assert self._link is not None
        try:
            data = self._link.sock.recv(65536)
            if not data:
                raise ConnectionError("the hub hung up")
            for body in self._link.reader.feed(data):
                self._acknowledge(int(json.loads(body)["acknowledged"]))
        except (BlockingIOError, InterruptedError):
            return
        except (OSError, FrameError, ValueError, KeyError, TypeError) as error:
            self._lose(error)

    def _acknowledge(self, number: int) -> None:
        self._progress = time.monotonic()
        for queue in (self._sent, self._unsent):
            while queue and queue[0][0] <= number:
                self._held -= len(queue.popleft()[1]) + OVERHEAD
                self.delivered += 1

    def _lose(self, error: Exception) -> None:
        logger.info("The connection to the hub ended: %s", error)
        self._drop()

    def _drop(self) -> None:
        """Closes the link; what was sent and not acknowledged is to be sent again."""
        if self._link is None:
            return
        self._selector.unregister(self._link.sock)
        self._link.sock.close()
        self._link = None
        self._out = memoryview(b"")
        self._unsent.extendleft(reversed(self._sent))
        self._sent.clear()

    def _adopt(self) -> None:
        link, self._fresh = self._fresh, None
        if link is None:
            return
        self._link = link
        self._selector.register(link.sock, selectors.EVENT_READ)
        self._acknowledge(link.acknowledged)

    def _seek(self) -> None:
        """Looks for the hub in a thread of its own, which ends when it has found it."""
        if self._fresh is None and (self._seeking is None or not self._seeking.is_alive()):
            self._seeking = threading.Thread(target=self._search, name="parsloscope-connect",
                                             daemon=True)
            self._seeking.start()

    def _search(self) -> None:
        delay, longest = BACKOFF
        while not self._stop.is_set():
            link = None
            try:
                link = self._connect(self.client, not self.clear)
            except Exception:
                logger.exception("Looking for the hub failed")
            if link is not None:
                self._fresh = link
                self._wake()
                return
            if self._closing.wait(0):
                # At the end every attempt counts, but not every millisecond.
                self._stop.wait(0.5)
            else:
                self._closing.wait(delay * random.uniform(0.5, 1.0))
            delay = min(delay * 2, longest)
