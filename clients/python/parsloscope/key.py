"""The key that the hub and its clients share."""

import os
import secrets
import time
from typing import Optional

from parsloscope.files import read_short

ENVIRONMENT = "PARSLOSCOPE_KEY"
# Bytes of the longest key file that is read.
MAX_KEY_BYTES = 64 * 1024


def key_path(database: str, key_file: Optional[str]) -> Optional[str]:
    """The file that holds the key, or None when the environment gives it."""
    if key_file is not None:
        return os.path.abspath(os.fspath(key_file))
    if os.environ.get(ENVIRONMENT, "").strip():
        return None
    return database + ".key"


def read_key(path: Optional[str], *, named: bool = True) -> bytes:
    """The key of the file, or of the environment when `path` is None.

    A file that the user has not `named`, but that lies beside the database, is to be this user's:
    whoever made it can sign too.

    Raises OSError when the file cannot be read, ValueError when it holds no hex text, or is another
    user's.
    """
    if path is None:
        return _decode(os.environ.get(ENVIRONMENT, ""), ENVIRONMENT)
    text = ""
    for _ in range(10):
        try:
            data = read_short(path, MAX_KEY_BYTES, links=named, owned=not named)
        except ValueError as error:
            raise ValueError(f"{error}; name the key with key_file if it is meant") from error
        text = data.decode("ascii", errors="replace").strip()
        if text:
            break
        # Another program has just made it and has not written it yet.
        time.sleep(0.05)
    return _decode(text, path)


def make_key(path: str) -> None:
    """Writes a new key with mode 0600 unless the file is there; others see all of it or nothing."""
    if os.path.exists(path):
        return
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    text = secrets.token_bytes(64).hex() + "\n"
    draft = f"{path}.{os.getpid()}.{secrets.token_hex(4)}"
    _write(draft, text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:
        # A file system without hard links.
        try:
            _write(path, text)
        except FileExistsError:
            pass
    finally:
        os.unlink(draft)


def _write(path: str, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)


def _decode(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if not key:
        raise ValueError(f"{where} holds no key (hex text)")
    return key
