"""Starts and stops the long part of an audit, which is a process of its own."""

import os

from fer_core.audit.store import LOG_FILE, STOP_FILE, audit_dir, read_state, write_state
from fer_core.audit.work import LOCK_VARIABLE, hold_audit
from fer_core.errors import RunError
from fer_core.runs.background import start_in_background


def start_audit(digest: str, source: str, *, skip_bad_rows: bool = False) -> None:
    """Start a dataset's audit, or go on with it; finished parts are not done again.

    Args:
        digest: of the dataset.
        source: what it is read from.
        skip_bad_rows: as it was read.

    Raises:
        RunError: a process works on it already.
    """
    lock = hold_audit(digest)
    try:
        write_state(digest, "running", read_state(digest).share, "Begins")
        start_in_background(
            ["data", "audit", "--data", source, *(["--skip-bad-rows"] if skip_bad_rows else [])],
            variable=LOCK_VARIABLE,
            owner=digest,
            lock=lock,
            log=audit_dir(digest) / LOG_FILE,
        )
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
