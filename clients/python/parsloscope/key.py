"""The key that the hub and its clients share."""

import os
import secrets
import time
from pathlib import Path
from typing import Optional

from parsloscope.files import need_file

ENVIRONMENT = "PARSLOSCOPE_KEY"


def key_path(database: str, key_file: Optional[str]) -> Optional[str]:
    """The file that holds the key, or None when the environment gives it."""
    if key_file is not None:
        return os.path.abspath(os.fspath(key_file))
    if os.environ.get(ENVIRONMENT, "").strip():
        return None
    return database + ".key"


def read_key(path: Optional[str]) -> bytes:
    """The key of the file, or of the environment when `path` is None.

    Raises OSError when the file cannot be read, ValueError when it holds no hex text.
    """
    if path is None:
        return _decode(os.environ.get(ENVIRONMENT, ""), ENVIRONMENT)
    need_file(path)
    text = ""
    for _ in range(10):
        text = Path(path).read_text("ascii", errors="replace").strip()
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
