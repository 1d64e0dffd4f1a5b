"""The MonitoringHub that a Parsl program gives to its Config."""

import atexit
import os
import secrets
import time
from typing import Optional, Union

import parsl.monitoring.monitoring

from parsloscope import leftovers, patch
from parsloscope.contact import Target
from parsloscope.endpoint import database_of
from parsloscope.frames import Signer
from parsloscope.key import key_path, make_key, read_key
from parsloscope.lane import Lane
from parsloscope.launch import Command, Launcher
from parsloscope.locate import Locator, Place, is_loopback
from parsloscope.notice import logger, warn
from parsloscope.queue import HubQueue
from parsloscope.radio import DEFAULT_PORT
from parsloscope.tasks import Tasks

RADIO_PATIENCE_S = 5.0


class MonitoringHub(parsl.monitoring.monitoring.MonitoringHub):
    """Parsl's MonitoringHub, with a Parsloscope hub behind it.

    The first nine arguments are Parsl's, without its deprecation warnings. Give them by keyword.

    Parameters
    ----------
    hub_address : str, optional
        The address that workers reach the hub at. With it they send datagrams, unless their
        executor has a radio of its own, and a hub that is started here listens on all addresses;
        without it they use HighThroughputExecutor's result channel, and a hub that is started
        here listens on 127.0.0.1. A hub is looked for there, too.
    hub_port_range : object, optional
        Does nothing.
    hub_port : int, optional
        The port at which a hub is looked for or started. Default: 55055.
    workflow_name, workflow_version : str, optional
        What the run is called. Default: the script's name, and the time of its start.
    logging_endpoint : str, optional
        The database, as `sqlite:////abs/path/monitoring.db`; other databases are refused with a
        ValueError. Default: `monitoring.db` in the configuration's `run_dir`.
    monitoring_debug : bool
        Does nothing here.
    resource_monitoring_enabled : bool
        Whether workers tell where and how tasks run. Default: True.
    resource_monitoring_interval : float
        Seconds between two samples of a task; 0 for none but its start and its end. Default: 30.
    command : str or sequence of str, optional
        How to start Parsloscope. Default: the environment variable `PARSLOSCOPE`, or `parsloscope`
        or `parsloscope.mjs` on PATH, or `deno` and the checkout that this package lies in. A
        bundle given alone is run by the `deno` on PATH.
    key_file : str or path, optional
        The hub's key. Default: the environment variable `PARSLOSCOPE_KEY` (hex text), or
        `monitoring.db.key` beside the database, which is made when it is absent.
    digest : str
        Of the signatures. Default: `sha512`.
    start_hub : bool
        Whether a hub may be started. Default: True.
    memory_limit : int
        Bytes of messages that are kept in memory; others wait in a file. Default: 64 MiB.
    close_timeout : float
        Seconds to wait for the hub at the end; one second when there was no hub all the time.
        Default: 10.

    Examples
    --------
    >>> config = Config(monitoring=MonitoringHub(hub_address=address_by_hostname()))
    """

    # Parsl's annotation says which messages; ours is a way into the lane.
    resource_msgs: HubQueue

    def __init__(self,
                 hub_address: Optional[str] = None,
                 hub_port_range: object = None,
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
              log_config: object = None) -> None:
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
        self._tasks = Tasks(dfk_run_dir)
        self.resource_msgs = HubQueue(self._lane, self, self._tasks.saw)
        self.monitoring_hub_active = True
        self.resource_msgs.start()
        self._lane.start()
        patch.begin(self._tasks)
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
            patch.end(self._tasks)
            self.monitoring_hub_active = False
            atexit.unregister(self._at_exit)

    @property
    def place(self) -> Optional[Place]:
        """Where the hub is, or None as long as there is none."""
        return None if self._locator is None else self._locator.place

    def radio_target(self, address: Optional[str], port: Optional[int]) -> Target:
        """Where workers send datagrams.

        Waits a few seconds for the hub; without one it is the configured address and port.
        """
        assert self._locator is not None
        self._locator.needed = True
        self._locator.settled.wait(RADIO_PATIENCE_S)
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
            return read_key(path, named=self.key_file is not None)
        except (OSError, ValueError) as error:
            warn(f"Parsloscope: there is no key for the hub, so the messages are kept for the end "
                 f"of the run: {error}")
            return secrets.token_bytes(64)

    def _close(self) -> None:
        end = time.monotonic() + self.close_timeout
        self.resource_msgs.drain(1.0)
        leftovers.sweep(self.run_dir, self._lane.put)
        self._lane.close(max(min(0.5, self.close_timeout), end - time.monotonic()))
        if not self._lane.clear:
            leftovers.keep(self.run_dir, self.database, self._lane.leftover())
        self.resource_msgs.close()
        self.resource_msgs.join_thread()
        refused = self.resource_msgs.refused
        if refused or self._lane.lost:
            logger.warning("%d messages could not be pickled, %d were lost", refused,
                           self._lane.lost)
        logger.info("The hub has acknowledged %d messages", self._lane.delivered)

    def _at_exit(self) -> None:
        if os.getpid() == self._pid:
            self.close()
