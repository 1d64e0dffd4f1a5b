"""The MonitoringHub that a Parsl program gives to its Config."""

import atexit
import os
import secrets
import time
import uuid
from typing import Any, Optional, Tuple, Union

import parsl.monitoring.monitoring

from parsloscope.endpoint import database_of
from parsloscope.files import need_file
from parsloscope.frames import Signer
from parsloscope.key import key_path, make_key, read_key
from parsloscope.lane import Lane
from parsloscope.launch import Command, Launcher
from parsloscope.locate import Locator, Place, is_loopback
from parsloscope.notice import logger, warn
from parsloscope.queue import HubQueue
from parsloscope.radio import DEFAULT_PORT

RADIO_PATIENCE = 5.0


class MonitoringHub(parsl.monitoring.monitoring.MonitoringHub):
    """Parsl's MonitoringHub, with a Parsloscope hub behind it.

    The first nine arguments are Parsl's. `command` starts a hub (a text or a list; otherwise
    PARSLOSCOPE, or `parsloscope` on PATH), unless `start_hub` is False. `key_file` and `digest`
    are the hub's. `memory_limit` is in bytes, `close_timeout` in seconds.
    """

    def __init__(self,
                 hub_address: Optional[str] = None,
                 hub_port_range: Any = None,
                 hub_port: Optional[int] = None,
                 workflow_name: Optional[str] = None,
                 workflow_version: Optional[str] = None,
                 logging_endpoint: Optional[str] = None,
                 monitoring_debug: bool = False,
                 resource_monitoring_enabled: bool = True,
                 resource_monitoring_interval: float = 30,
                 *,
                 command: Command = None,
                 key_file: Union[str, "os.PathLike[str]", None] = None,
                 digest: str = "sha512",
                 start_hub: bool = True,
                 memory_limit: int = 64 * 1024 * 1024,
                 close_timeout: float = 10) -> None:
        if logging_endpoint is not None:
            database_of(logging_endpoint)
        Signer(b"check", digest)
        # Parsl's own constructor would ask for SQLAlchemy.
        self.hub_address = hub_address
        self.hub_port_range = hub_port_range
        self.hub_port = hub_port
        self.workflow_name = workflow_name
        self.workflow_version = workflow_version
        self.logging_endpoint = logging_endpoint
        self.monitoring_debug = monitoring_debug
        self.resource_monitoring_enabled = resource_monitoring_enabled
        self.resource_monitoring_interval = resource_monitoring_interval
        self.command = command
        self.key_file = None if key_file is None else os.fspath(key_file)
        self.digest = digest
        self.start_hub = start_hub
        self.memory_limit = memory_limit
        self.close_timeout = close_timeout
        self.monitoring_hub_active = False
        self._pid = os.getpid()
        self._locator: Optional[Locator] = None

    def start(self, dfk_run_dir: str, config_run_dir: Union[str, "os.PathLike[str]"],
              log_config: Any = None) -> None:
        """Takes messages from now on; the hub is looked for, or started, meanwhile."""
        if self.logging_endpoint is None:
            self.logging_endpoint = f"sqlite:///{os.fspath(config_run_dir)}/monitoring.db"
        self.run_dir = os.path.abspath(dfk_run_dir)
        self.database = database_of(self.logging_endpoint)
        self._make_folders()
        self._pid = os.getpid()
        key_file = key_path(self.database, self.key_file)
        self._signer = Signer(self._key(key_file), self.digest)
        launcher = None
        if self.start_hub:
            launcher = Launcher(command=self.command, database=self.database,
                                listen=self._listen(), key_file=key_file, digest=self.digest,
                                log=os.path.join(self.run_dir, "parsloscope-hub.log"))
        self._locator = Locator(database=self.database, signer=self._signer,
                                address=self.hub_address, port=self.hub_port or DEFAULT_PORT,
                                launcher=launcher, gone=lambda: not self.monitoring_hub_active)
        self._lane = Lane(self._signer, self._locator.connect, self.run_dir, self.memory_limit,
                          self._locator.hopeless)
        self.resource_msgs = HubQueue(self._lane, self)
        self.monitoring_hub_active = True
        self.resource_msgs.start()
        self._lane.start()
        atexit.register(self._at_exit)
        logger.info("Monitoring to %s", self.database)

    def close(self) -> None:
        """Waits for the hub's last acknowledgement; what it has not got is kept in a file."""
        if not self.monitoring_hub_active or os.getpid() != self._pid:
            return
        try:
            self._close()
        except Exception:
            logger.exception("Closing the monitoring failed")
        finally:
            self.monitoring_hub_active = False
            atexit.unregister(self._at_exit)

    @property
    def place(self) -> Optional[Place]:
        """Where the hub is, or None as long as there is none."""
        return None if self._locator is None else self._locator.place

    def radio_target(self, address: Optional[str],
                     port: Optional[int]) -> Tuple[str, int, bytes, str]:
        """Where workers send datagrams: address, port, key and digest.

        Waits a few seconds for the hub; without one it is the configured address and port.
        """
        assert self._locator is not None
        self._locator.needed = True
        self._locator.settled.wait(RADIO_PATIENCE)
        place = self.place
        if address is None:
            address = self.hub_address
            if place is not None and not place.here:
                address = place.address
            elif address is None:
                address = "127.0.0.1" if place is None else place.address
        if port is None:
            port = place.port if place is not None else self.hub_port or DEFAULT_PORT
        return address, port, self._signer.key, self._signer.digest

    def reachable(self, address: str) -> bool:
        """Whether workers elsewhere can reach the hub that was found, as far as is known."""
        place = self.place
        return place is not None and (not place.only_local or is_loopback(address))

    def _listen(self) -> str:
        local = self.hub_address is None or is_loopback(self.hub_address)
        return "127.0.0.1" if local else "0.0.0.0"

    def _make_folders(self) -> None:
        for folder in (self.run_dir, os.path.dirname(self.database)):
            try:
                os.makedirs(folder, exist_ok=True)
            except OSError as error:
                warn(f"Parsloscope: {folder} cannot be made: {error}")

    def _key(self, path: Optional[str]) -> bytes:
        try:
            if path is not None:
                make_key(path)
            return read_key(path)
        except (OSError, ValueError) as error:
            warn(f"Parsloscope: there is no key for the hub, so the messages are kept for the end "
                 f"of the run: {error}")
            return secrets.token_bytes(64)

    def _close(self) -> None:
        end = time.monotonic() + self.close_timeout
        self.resource_msgs.drain(1.0)
        self._sweep()
        self._lane.close(max(min(0.5, self.close_timeout), end - time.monotonic()))
        self._keep()
        self.resource_msgs.close()
        self.resource_msgs.join_thread()
        refused = self.resource_msgs.refused
        if refused or self._lane.lost:
            logger.warning("%d messages could not be pickled, %d were lost", refused,
                           self._lane.lost)
        logger.info("The hub has acknowledged %d messages", self._lane.delivered)

    def _sweep(self) -> None:
        """Takes what Parsl's FilesystemRadio has left; releases of 2025 end without a last look."""
        folder = os.path.join(self.run_dir, "monitor-fs-radio", "new")
        if not os.path.isdir(folder):
            return
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            try:
                need_file(path)
                with open(path, "rb") as file:
                    message = file.read()
                os.unlink(path)
            except OSError:
                logger.exception("%s is left where it is", path)
            else:
                self._lane.put(message)

    def _keep(self) -> None:
        """Writes what no hub acknowledged where `--fs-radio` takes it."""
        if self._lane.clear:
            return
        folder = os.path.join(self.run_dir, "monitor-fs-radio")
        name = str(uuid.uuid4())
        draft, path = os.path.join(folder, "tmp", name), os.path.join(folder, "new", name)
        os.makedirs(os.path.dirname(draft), exist_ok=True)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        count = 0
        with open(draft, "wb") as file:
            for message in self._lane.leftover():
                file.write(message)
                count += 1
        os.rename(draft, path)
        warn(f"Parsloscope: no hub has acknowledged {count} messages of this run; they are in "
             f"{path}. Add them with: parsloscope hub {self.database} --fs-radio {folder}")

    def _at_exit(self) -> None:
        if os.getpid() == self._pid:
            self.close()
