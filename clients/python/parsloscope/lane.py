"""The reliable lane: takes messages at once, delivers each of them to the hub."""

import json
import os
import selectors
import socket
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator
from typing import Any, Callable, Optional

from parsloscope.backlog import Backlog
from parsloscope.bundle import packed
from parsloscope.frames import FrameError, Signer
from parsloscope.link import Link
from parsloscope.notice import logger, warn
from parsloscope.seeker import Seeker

# Seconds: messages wait so long for others to travel with; a hub that says nothing for so long is
# given up; without any hope of a hub, so long is waited at the end.
PACE_S = 0.05
SILENCE_S = 30.0
GLANCE_S = 1.0
# Messages that become frames before the sockets are looked at again.
MOST_AT_ONCE = 4096

# Gives a link to the hub, or None when there is none now. The second argument tells whether
# messages are waiting.
Connect = Callable[[str, bool], Optional[Link]]


class Lane:
    """Sends and resends messages from one daemon thread; `put` never blocks and never raises.

    Parameters
    ----------
    signer : Signer
        Signs with the hub's key.
    connect : callable
        Gives a link to the hub, or None. Its arguments are this client's name, and whether
        messages are waiting.
    run_dir : str
        The folder for what memory does not hold.
    memory_limit : int
        Bytes of messages that are kept in memory.
    hopeless : callable
        Tells that waiting for a hub is of no use; then `close` waits for a second at most.
    """

    def __init__(self, signer: Signer, connect: Connect, run_dir: str,
                 memory_limit: int = 64 * 1024 * 1024,
                 hopeless: Callable[[], bool] = lambda: False) -> None:
        self.client = uuid.uuid4().hex
        self._hopeless = hopeless
        # Messages, pickled or still to be.
        self._inbox: deque[Any] = deque()
        # Messages that cannot be pickled.
        self.refused = 0
        self._backlog = Backlog(signer.of(self.client),
                                os.path.join(run_dir, f"parsloscope-{self.client[:8]}.spill"),
                                memory_limit)
        # Messages that came after the end.
        self._late = 0
        self._out = memoryview(b"")
        self._link: Optional[Link] = None
        # When the hub last got on with what it was sent.
        self._progress = 0.0
        # When messages were last taken out of the inbox.
        self._taken = 0.0
        self._idle = False
        self._closed = False
        self._closing = threading.Event()
        # When `close` gives up, and when it looks whether there is hope.
        self._deadline = 0.0
        self._glance = 0.0
        self._seeker = Seeker(lambda: connect(self.client, not self.clear), self._wake,
                              self._closing)
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake_in, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="parsloscope-lane", daemon=True)

    def start(self) -> None:
        """Begins to look for the hub and to send."""
        self._thread.start()

    def put(self, message: Any) -> None:
        """Takes one message, from any thread: a pickled one, or a tuple, which is pickled later.

        Pickled here, many at once, it takes a fraction of the time: callers have other work.
        """
        if self._closed:
            self._late += 1
            return
        self._inbox.append(message)
        if self._idle:
            self._idle = False
            self._wake()

    def refuse(self) -> None:
        """Counts a message that cannot be pickled; to be called where that was noticed."""
        self.refused += 1
        if self.refused == 1:
            logger.exception("A monitoring message could not be pickled; further ones that cannot "
                             "are only counted")

    @property
    def connected(self) -> bool:
        """Whether a hub is connected now."""
        return self._link is not None

    @property
    def delivered(self) -> int:
        """How many messages the hub has acknowledged."""
        return self._backlog.delivered

    @property
    def lost(self) -> int:
        """How many messages are lost: too long, too late, or no room for them."""
        return self._backlog.lost + self._late

    @property
    def pending(self) -> int:
        """How many messages no hub has acknowledged, those on disk left out."""
        return len(self._inbox) + self._backlog.pending

    @property
    def clear(self) -> bool:
        """Whether every message is acknowledged."""
        return not self._inbox and self._backlog.clear

    def close(self, timeout: float) -> None:
        """Waits up to `timeout` seconds for the last acknowledgement, then ends the lane."""
        if self._closed:
            return
        self._glance = time.monotonic() + GLANCE_S
        self._deadline = time.monotonic() + max(0.0, timeout)
        self._closing.set()
        self._wake()
        if self._thread.ident is not None:
            self._thread.join(max(0.0, timeout) + 2.0)
        self._closed = True
        if not self._thread.is_alive():
            self._selector.close()
            self._wake_in.close()
            self._wake_out.close()
        self._seeker.stop()

    def leftover(self) -> Iterator[bytes]:
        """The messages that no hub acknowledged, oldest first; to be asked after `close`."""
        yield from self._backlog.leftover()
        yield from packed(self._inbox, len(self._inbox), self.refuse)

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
        if self._inbox:
            self._taken = time.monotonic()
            for message in packed(self._inbox, MOST_AT_ONCE, self.refuse):
                self._backlog.add(message)
        if self._link is None:
            self._seeker.seek()
        else:
            self._backlog.refill()
            self._send(self._link)
        self._wait()

    def _adopt(self) -> None:
        link = self._seeker.take()
        if link is None:
            return
        self._link = link
        self._selector.register(link.sock, selectors.EVENT_READ)
        self._acknowledge(link.acknowledged)

    def _send(self, link: Link) -> None:
        try:
            while True:
                if not self._out:
                    if not self._backlog.unsent:
                        return
                    if not self._backlog.sent:
                        self._progress = time.monotonic()
                    self._out = memoryview(self._backlog.batch())
                self._out = self._out[link.sock.send(self._out):]
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._lose(error)

    def _wait(self) -> None:
        """Sleeps until there is something to do."""
        timeout: Optional[float] = None
        if self._link is not None:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0)
            self._selector.modify(self._link.sock, events)
            if self._backlog.sent:
                timeout = SILENCE_S
        if self._closing.is_set():
            timeout = max(0.0, min(PACE_S, self._deadline - time.monotonic()))
        self._idle = True
        if self._inbox:
            # Those that came meanwhile are soon followed by others, and all travel together.
            self._idle = False
            rest = self._taken + PACE_S - time.monotonic()
            timeout = 0.0 if len(self._inbox) >= MOST_AT_ONCE else max(0.0, rest)
        if self._seeker.ready:
            timeout = 0.0
        ready = self._selector.select(timeout)
        self._idle = False
        for key, events in ready:
            if key.fileobj is self._wake_in:
                self._woken()
            elif events & selectors.EVENT_READ:
                self._receive()
        silent = time.monotonic() - self._progress > SILENCE_S
        if self._link is not None and self._backlog.sent and silent:
            self._lose(TimeoutError(f"no acknowledgement for {SILENCE_S:.0f} s"))

    def _woken(self) -> None:
        try:
            while self._wake_in.recv(4096):
                pass
        except OSError:
            pass
        # Lets more messages come, so that they travel together.
        self._closing.wait(PACE_S)

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
        except (OSError, FrameError, ValueError, KeyError, TypeError, RecursionError) as error:
            self._lose(error)

    def _acknowledge(self, number: int) -> None:
        self._progress = time.monotonic()
        self._backlog.acknowledge(number)

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
        self._backlog.send_again()
