"""What radios ask of the hub that a queue leads to."""

from typing import Optional, Protocol

from parsloscope.locate import Place

# Where workers send datagrams: address, port, key and digest.
Target = tuple[str, int, bytes, str]


class Contact(Protocol):
    """The hub of a run, as radios see it."""

    hub_address: Optional[str]

    @property
    def place(self) -> Optional[Place]:
        """Where the hub is, or None as long as there is none."""

    def radio_target(self, address: Optional[str], port: Optional[int]) -> Target:
        """Where workers send datagrams; what is not given is the hub's."""

    def reachable(self, address: str) -> bool:
        """Whether workers elsewhere can reach the hub that was found, as far as is known."""
