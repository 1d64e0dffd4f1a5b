"""Starts a hub as a process of its own, which outlives the program."""

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Optional, Union

from parsloscope.files import open_file
from parsloscope.key import ENVIRONMENT as KEY_ENVIRONMENT
from parsloscope.notice import logger

ENVIRONMENT = "PARSLOSCOPE"
# What a hub asks of Deno, as the project's deno.json has it for its own tasks.
HUB_FLAGS = (
    "-q", "--no-prompt", "-R", "-W", "-N",
    "-E=HOME,USERPROFILE,XDG_DATA_HOME,PARSLOSCOPE_TOKEN,PARSLOSCOPE_KEY",
    "-S=getPriority,hostname,networkInterfaces,uid,gid,username,homedir", "--allow-ffi",
    "--unstable-net",
)
MOST_STARTS = 6
BETWEEN_STARTS_S = 10.0

Command = Union[str, Sequence[str], None]


def find_command(given: Command) -> Optional[list[str]]:
    """How to run Parsloscope here, or None: the argument, PARSLOSCOPE, PATH, or this checkout."""
    if given is None:
        given = os.environ.get(ENVIRONMENT) or None
    if isinstance(given, str):
        return _with_deno(shlex.split(given)) or None
    if given is not None:
        return _with_deno([os.fspath(part) for part in given]) or None
    program = shutil.which("parsloscope") or shutil.which("parsloscope.mjs")
    if program is not None:
        return _with_deno([program])
    main = Path(__file__).resolve().parents[3] / "main.ts"
    deno = shutil.which("deno")
    if deno is not None and main.is_file():
        return [deno, "run", "-q", "--no-prompt", "-P=hub", str(main)]
    return None


def _with_deno(command: list[str]) -> list[str]:
    """A bundle alone is run by the deno on PATH: its first line needs an env that knows -S."""
    deno = shutil.which("deno")
    if len(command) == 1 and command[0].endswith(".mjs") and deno is not None:
        return [deno, "run", *HUB_FLAGS, *command]
    return command


class Launcher:
    """Starts hubs for one database, a few times at most."""

    def __init__(self, *, command: Command, database: str, listen: str, key_file: Optional[str],
                 digest: str, log: str) -> None:
        self._command = command
        self._database = database
        self.listen = listen
        self._key_file = key_file
        self._digest = digest
        self.log = log
        self._starts = 0
        self._last = 0.0
        # Kept so that a hub that ended is reaped when it is asked for.
        self.processes: list[subprocess.Popen[bytes]] = []

    def may_start(self) -> bool:
        """Whether one more start is in order now."""
        recent = self._starts > 0 and time.monotonic() - self._last < BETWEEN_STARTS_S
        return self._starts < MOST_STARTS and not recent

    def count(self) -> None:
        """Notes that a start is tried, whatever comes of it."""
        self._starts += 1
        self._last = time.monotonic()

    def start(self, port: int) -> "subprocess.Popen[bytes]":
        """Starts a hub. Raises OSError when there is no such command, with what to do."""
        command = find_command(self._command)
        if command is None:
            raise FileNotFoundError(
                "there is no parsloscope on PATH; install it, or name it in the environment "
                f"variable {ENVIRONMENT} or in MonitoringHub(command=...)")
        command += ["hub", self._database, "--listen", self.listen, "--port", str(port)]
        if self._key_file is not None:
            command += ["--key-file", self._key_file]
        if self._digest != "sha512":
            command += ["--digest", self._digest]
        command += ["--stop-when-idle", "60"]
        logger.info("Starting a hub: %s", shlex.join(command))
        for process in self.processes:
            process.poll()
        environment = dict(os.environ)
        if self._key_file is not None:
            # A hub refuses two keys that differ.
            environment.pop(KEY_ENVIRONMENT, None)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        with os.fdopen(open_file(self.log, flags), "ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       start_new_session=True, env=environment)
        self.processes.append(process)
        return process
