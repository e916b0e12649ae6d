"""Starts and stops the long part of an audit, which is a process of its own."""

import os
import subprocess
import sys
import threading

from fer_core.audit.store import LOCK_FILE, LOG_FILE, STOP_FILE, audit_dir, read_state
from fer_core.audit.work import LOCK_VARIABLE
from fer_core.errors import RunError
from fer_core.runs.lock import take_lock


def start_audit(digest: str, source: str, *, skip_bad_rows: bool = False) -> None:
    """Start a dataset's audit, or go on with it; finished parts are not done again.

    Args:
        digest: of the dataset.
        source: what it is read from.
        skip_bad_rows: as it was read.

    Raises:
        RunError: a process works on it already.
    """
    folder = audit_dir(digest)
    lock = take_lock(folder / LOCK_FILE)
    if lock is None:
        raise RunError("the audit of this dataset: is being worked on already. Wait for its end, or stop it.")
    try:
        (folder / STOP_FILE).unlink(missing_ok=True)
        bad_rows = ["--skip-bad-rows"] if skip_bad_rows else []
        with (folder / LOG_FILE).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "fer_core", "data", "audit", "--data", source, "--quiet", *bad_rows],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, LOCK_VARIABLE: str(lock)},
                pass_fds=[lock],
                start_new_session=True,
            )
        threading.Thread(target=process.wait, name=f"reap audit {digest[:8]}", daemon=True).start()
    finally:
        os.close(lock)


def stop_audit(digest: str) -> None:
    """Ask a dataset's audit to stop; it does within seconds, and keeps what is finished.

    Raises:
        RunError: nobody works on it.
    """
    state = read_state(digest)
    if not state.is_active:
        raise RunError(f"the audit of this dataset: expected one that runs, received one that is {state.state}.")
    (audit_dir(digest) / STOP_FILE).touch()
