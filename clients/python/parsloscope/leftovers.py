"""The folder of messages in the run's folder: what others left there, and what no hub has got."""

import os
import re
import uuid
from collections.abc import Iterator
from typing import Callable

from parsloscope.bundle import count_of
from parsloscope.files import open_file, read_short
from parsloscope.frames import MAX_FRAME_BYTES
from parsloscope.notice import logger, warn

FOLDER = "monitor-fs-radio"
# Bytes of the longest message that the lane takes.
LONGEST = MAX_FRAME_BYTES - 128
# As Parsl's radio names its files: the text of a random UUID.
_NAME = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def sweep(run_dir: str, put: Callable[[bytes], None]) -> None:
    """Takes what Parsl's FilesystemRadio has left; releases of 2025 end without a last look.

    Nothing but its files is touched: not by links, not by other names, and not what is no pickle.
    """
    folder = os.path.join(run_dir, FOLDER, "new")
    if not _is_folder(os.path.dirname(folder)) or not _is_folder(folder):
        return
    for name in sorted(os.listdir(folder)):
        if not _NAME.fullmatch(name):
            continue
        path = os.path.join(folder, name)
        try:
            message = read_short(path, LONGEST)
            if not _is_pickle(message):
                raise ValueError("it is no message")
            os.unlink(path)
        except (OSError, ValueError):
            logger.exception("%s is left where it is", path)
        else:
            put(message)


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _is_pickle(data: bytes) -> bool:
    """Whether it begins and ends as pickles of protocol 2 and later do."""
    return data[:1] == b"\x80" and data[-1:] == b"."


def keep(run_dir: str, database: str, messages: Iterator[bytes]) -> None:
    """Writes what no hub acknowledged where `--fs-radio` takes it, and warns."""
    folder = os.path.join(run_dir, FOLDER)
    name = str(uuid.uuid4())
    draft, path = os.path.join(folder, "tmp", name), os.path.join(folder, "new", name)
    os.makedirs(os.path.dirname(draft), exist_ok=True)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    count = 0
    with os.fdopen(open_file(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
        for message in messages:
            file.write(message)
            count += count_of(message)
    os.rename(draft, path)
    warn(f"Parsloscope: no hub has acknowledged {count} messages of this run; they are in "
         f"{path}. Add them with: parsloscope hub {database} --fs-radio {folder}")
