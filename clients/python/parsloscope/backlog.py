"""Messages on their way: numbered and signed, in memory or on disk, until a hub has them."""

from collections import deque
from collections.abc import Iterator

from parsloscope.bundle import count_of
from parsloscope.frames import MAX_FRAME_BYTES, Signer
from parsloscope.notice import logger, warn
from parsloscope.spill import Spill

BATCH_BYTES = 256 * 1024
# Bytes that a frame costs beside its message: 4 + 8 and the signature, and what Python adds.
OVERHEAD_BYTES = 250


class Backlog:
    """The frames that no hub has acknowledged, oldest first: sent ones, unsent ones, those on disk.

    One thread works on it; others may ask `pending`, `clear`, `delivered` and `lost`.

    Parameters
    ----------
    signer : Signer
        Signs with the client's own key.
    path : str
        The file for what memory does not hold.
    memory_limit : int
        Bytes of frames that are kept in memory.
    """

    def __init__(self, signer: Signer, path: str, memory_limit: int) -> None:
        self.delivered = 0
        self.lost = 0
        # Bytes that the frames in memory cost.
        self.held = 0
        self._signer = signer
        self._limit = memory_limit
        self._spill = Spill(path)
        # Of each frame its number, itself, and how many messages it is.
        self._sent: deque[tuple[int, bytes, int]] = deque()
        self._unsent: deque[tuple[int, bytes, int]] = deque()
        self._number = 0
        self._pending = 0

    @property
    def pending(self) -> int:
        """How many messages in memory no hub has acknowledged."""
        return self._pending

    @property
    def clear(self) -> bool:
        """Whether every frame is acknowledged."""
        return not (self._sent or self._unsent or self._spill)

    @property
    def unsent(self) -> bool:
        """Whether there is a frame in memory to be sent."""
        return bool(self._unsent)

    @property
    def sent(self) -> bool:
        """Whether an acknowledgement is due."""
        return bool(self._sent)

    def add(self, message: bytes) -> None:
        """Makes a frame of a message, for memory or for the disk."""
        if len(message) > MAX_FRAME_BYTES - 128:
            self.lost += count_of(message)
            logger.error("A message of %d bytes is too long for the hub", len(message))
            return
        self._number += 1
        frame = self._signer.numbered(self._number, message)
        if not self._spill and self.held + len(frame) <= self._limit:
            self._hold(self._number, frame)
            return
        try:
            self._spill.append(frame)
        except OSError as error:
            if self.lost == 0:
                warn(f"Parsloscope: {self._spill.path} cannot be written ({error}) and memory "
                     "is used up; monitoring messages are lost.")
            self.lost += count_of(message)

    def refill(self) -> None:
        """Brings frames back from disk when half of the memory is free."""
        if not self._spill or self.held > self._limit // 2:
            return
        start = self._signer.size + 4
        while self._spill and self.held <= self._limit:
            frame = self._spill.pop()
            self._hold(int.from_bytes(frame[start:start + 8], "big"), frame)

    def batch(self) -> bytes:
        """The next frames to be sent, which count as sent from now on."""
        frames: list[bytes] = []
        size = 0
        while self._unsent and (not frames or size + len(self._unsent[0][1]) <= BATCH_BYTES):
            item = self._unsent.popleft()
            self._sent.append(item)
            frames.append(item[1])
            size += len(item[1])
        return b"".join(frames)

    def acknowledge(self, number: int) -> None:
        """Forgets the frames up to a number."""
        for queue in (self._sent, self._unsent):
            while queue and queue[0][0] <= number:
                _, frame, count = queue.popleft()
                self.held -= len(frame) + OVERHEAD_BYTES
                self._pending -= count
                self.delivered += count

    def send_again(self) -> None:
        """What was sent and not acknowledged is to be sent once more."""
        self._unsent.extendleft(reversed(self._sent))
        self._sent.clear()

    def leftover(self) -> Iterator[bytes]:
        """Takes out the messages, oldest first."""
        for queue in (self._sent, self._unsent):
            while queue:
                yield self._signer.message(queue.popleft()[1])
        for frame in self._spill.drain():
            yield self._signer.message(frame)
        self.held = self._pending = 0

    def _hold(self, number: int, frame: bytes) -> None:
        count = count_of(frame)
        self._unsent.append((number, frame, count))
        self._pending += count
        self.held += len(frame) + OVERHEAD_BYTES
