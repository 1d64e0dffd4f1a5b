"""Signatures and the frames of the reliable lane."""

import hmac
import struct

MAX_FRAME_BYTES = 64 * 1024 * 1024
# Bytes of the longest frame that a hub sends: its answers are short.
MAX_ANSWER_BYTES = 64 * 1024

LENGTH = struct.Struct(">I")
NUMBER = struct.Struct(">Q")


class FrameError(Exception):
    """What came is not a frame signed with our key."""


class Signer:
    """Signs with one key. `size` is the bytes of a signature."""

    def __init__(self, key: bytes, digest: str = "sha512") -> None:
        self.key = key
        self.digest = digest
        self.size = len(hmac.digest(key, b"", digest))

    def sign(self, body: bytes) -> bytes:
        """The HMAC of the body."""
        return hmac.digest(self.key, body, self.digest)

    def of(self, client: str) -> "Signer":
        """Signs with a client's own key: all of the lane but the hello."""
        return Signer(self.sign(client.encode()), self.digest)

    def frame(self, body: bytes) -> bytes:
        """`length ‖ signature ‖ body`."""
        return b"".join((LENGTH.pack(self.size + len(body)), self.sign(body), body))

    def numbered(self, number: int, message: bytes) -> bytes:
        """The frame of one message and its sequence number."""
        return self.frame(NUMBER.pack(number) + message)

    def message(self, frame: bytes) -> bytes:
        """The message in what `numbered` made."""
        return frame[LENGTH.size + self.size + NUMBER.size:]


class FrameReader:
    """Cuts a stream into frames and checks them; holds little more than one frame of `limit`."""

    def __init__(self, signer: Signer, limit: int = MAX_ANSWER_BYTES) -> None:
        self._signer = signer
        self._limit = limit
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies that are complete now. Raises FrameError for a wrong signature or length."""
        self._buffer += data
        bodies: list[bytes] = []
        size = self._signer.size
        while len(self._buffer) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._buffer)
            if length > self._limit or length < size:
                raise FrameError(f"a frame of {length} bytes")
            end = LENGTH.size + length
            if len(self._buffer) < end:
                break
            signature = bytes(self._buffer[LENGTH.size:LENGTH.size + size])
            body = bytes(self._buffer[LENGTH.size + size:end])
            del self._buffer[:end]
            if not hmac.compare_digest(signature, self._signer.sign(body)):
                raise FrameError("a frame with another signature")
            bodies.append(body)
        return bodies
