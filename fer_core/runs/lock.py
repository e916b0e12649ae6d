"""Who is alive: a lock that the kernel lets go when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path


def take_lock(path: Path) -> int | None:
    """Take the lock file ``path`` without waiting.

    Returns:
        The file descriptor that holds it until it is closed (by every process that inherited it), or None where it is held.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def is_locked(path: Path) -> bool:
    """Say whether somebody holds the lock file ``path``; a missing file is held by nobody."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
