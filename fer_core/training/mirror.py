"""Runs mirrored to MLflow, from a thread of the training process. The folder is the truth; MLflow may be away at any time."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fer_core.errors import RunError
from fer_core.runs import list_runs, load_run
from fer_core.runs.folder import HISTORY_FILE, LOCK_FILE, RUN_FILE, runs_dir
from fer_core.runs.lock import is_locked, take_lock
from fer_core.settings import load_settings
from fer_core.training.copier import MIRROR_FILE, Copier
from fer_core.training.store import Store, is_refusal, open_store, prepare_environment, tracking_uri, without_secrets

POLL_S = 1.0
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
FLUSH_S = 20.0
LONGEST_REASON = 300

Stamp = tuple[int, int] | None


class Mirror:
    """Sends a run's figures while it trains, and what trainings before it could not send.

    Nothing that MLflow does or does not do reaches the training: what goes wrong is said once in the log and tried again.
    MLflow is imported after the first whole epoch, since that takes seconds in which Python does little else.

    Args:
        folder: the run's; this process holds its lock.
        say: adds a line to the run's log.
        opener: gives the store; raises where it is away.
    """

    def __init__(self, folder: Path, say: Callable[[str], None], opener: Callable[[], Store] = open_store) -> None:
        self._folder = folder
        self._say = say
        self._opener = opener
        self._uri = without_secrets(tracking_uri())
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._copier: Copier | None = None
        self._others: list[str] | None = None
        self._away = False
        self._flushed = False

    def start(self) -> None:
        """Begin, unless ``FER_MLFLOW`` says not to."""
        if not load_settings().mlflow:
            return
        prepare_environment()
        before = _stamp(self._folder / HISTORY_FILE)
        self._thread = threading.Thread(target=self._work, args=[before], name="mirror", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Send the rest, for at most 20 s; the next training on this machine sends what is left after that."""
        if self._thread is None:
            return
        self._closing.set()
        self._thread.join(FLUSH_S)
        if not self._flushed:
            self._tell("MLflow has not got all of this run; the next training sends the rest")

    def _work(self, before: Stamp) -> None:
        history = self._folder / HISTORY_FILE
        while _stamp(history) == before and not self._closing.wait(POLL_S):
            pass
        if _stamp(history) is None:
            self._flushed = True
            return
        lock = self._wait_for_turn()
        if lock is not None:
            try:
                self._keep_up()
            finally:
                os.close(lock)

    def _wait_for_turn(self) -> int | None:
        """Hold the lock that one mirror at a time holds; None where the end came first."""
        while (lock := take_lock(runs_dir() / ".mirror")) is None:
            if self._closing.wait(POLL_S):
                break
        return lock

    def _keep_up(self) -> None:
        wait_s = FIRST_WAIT_S
        while True:
            closing, seen = self._closing.is_set(), self._look()
            try:
                more = self._send(closing)
            except RunError:
                return
            except Exception as error:
                self._note_away(error)
                if closing or isinstance(error, ImportError):
                    return
                self._closing.wait(wait_s)
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
                continue
            self._note_back()
            wait_s = FIRST_WAIT_S
            if closing and not more:
                return
            while not more and self._look() == seen and not self._closing.wait(POLL_S):
                pass

    def _send(self, closing: bool) -> bool:
        """Send what is new of this run, then the rest of one other; says whether more others wait.

        Raises:
            RunError: this run's folder is gone.
        """
        self._copier = self._copier or self._open()
        self._copier.send(load_run(self._folder.name))
        self._flushed = closing
        if self._others is None:
            self._others = [run.id for run in list_runs() if run.id != self._folder.name]
        if self._others:
            self._send_other(self._copier, self._others[-1])
            self._others.pop()
        return bool(self._others)

    def _send_other(self, copier: Copier, run_id: str) -> None:
        """Send what is left of a run that nobody works on; one that the store refuses must not keep up the others."""
        try:
            run = load_run(run_id)
            if not is_locked(run.path / LOCK_FILE):
                copier.send(run)
        except RunError:
            return
        except Exception as error:
            if not is_refusal(error):
                raise
            self._tell(f"MLflow does not take {run_id}: {_reason(error)}")

    def _open(self) -> Copier:
        store = self._opener()
        if store.is_new:
            for run in list_runs():
                (run.path / MIRROR_FILE).unlink(missing_ok=True)
        return Copier(store, self._uri)

    def _look(self) -> tuple[Stamp, Stamp]:
        return _stamp(self._folder / HISTORY_FILE), _stamp(self._folder / RUN_FILE)

    def _note_away(self, error: Exception) -> None:
        self._copier = None
        if not self._away:
            self._away = True
            self._tell(f"MLflow at {self._uri} is away ({_reason(error)}); the run's folder has everything")

    def _note_back(self) -> None:
        if self._away:
            self._away = False
            self._tell(f"MLflow at {self._uri} is back, and has what it missed")

    def _tell(self, text: str) -> None:
        with suppress(OSError):
            self._say(text)


def _stamp(path: Path) -> Stamp:
    """Give what changes when a file changes; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _reason(error: Exception) -> str:
    text = without_secrets(str(error)) or type(error).__name__
    return text.splitlines()[0][:LONGEST_REASON]
