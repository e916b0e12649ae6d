"""Work in a process of its own, which holds a lock file from before it begins until it ends, however it ends."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path


def start_in_background(arguments: Sequence[str], *, variable: str, owner: str, lock: int, log: Path) -> None:
    """Run ``fer-studio`` with these arguments in a process that outlives this one.

    Args:
        arguments: of the command line.
        variable: of the environment, that tells the process of the lock.
        owner: what the lock is of.
        lock: its file descriptor, which the process inherits; the caller still closes its own.
        log: what the process prints is appended to this file.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "fer_core", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, variable: f"{owner}:{lock}"},
            pass_fds=[lock],
            start_new_session=True,
        )
    threading.Thread(target=process.wait, name=f"reap {owner}", daemon=True).start()


def inherited_lock(variable: str, owner: str) -> int | None:
    """Give the descriptor of the owner's lock that this process was started with; None where there is none."""
    named, _, handle = os.environ.pop(variable, "").partition(":")
    if named != owner:
        return None
    os.set_inheritable(int(handle), False)
    return int(handle)
