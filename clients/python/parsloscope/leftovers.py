"""The folder of messages in the run's folder: what others left there, and what no hub has got."""

import os
import uuid
from collections.abc import Iterator
from typing import Callable

from parsloscope.files import need_file
from parsloscope.notice import logger, warn

FOLDER = "monitor-fs-radio"


def sweep(run_dir: str, put: Callable[[bytes], None]) -> None:
    """Takes what Parsl's FilesystemRadio has left; releases of 2025 end without a last look."""
    folder = os.path.join(run_dir, FOLDER, "new")
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
            put(message)


def keep(run_dir: str, database: str, messages: Iterator[bytes]) -> None:
    """Writes what no hub acknowledged where `--fs-radio` takes it, and warns."""
    folder = os.path.join(run_dir, FOLDER)
    name = str(uuid.uuid4())
    draft, path = os.path.join(folder, "tmp", name), os.path.join(folder, "new", name)
    os.makedirs(os.path.dirname(draft), exist_ok=True)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    count = 0
    with open(draft, "wb") as file:
        for message in messages:
            file.write(message)
            count += 1
    os.rename(draft, path)
    warn(f"Parsloscope: no hub has acknowledged {count} messages of this run; they are in "
         f"{path}. Add them with: parsloscope hub {database} --fs-radio {folder}")
