"""Runs as trainings leave them, and a store in memory that can be away, or lose its answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fer_core.files import append_json_line, write_json
from fer_core.runs import Run, create_run, load_run
from fer_core.runs.folder import HISTORY_FILE, RUN_FILE, read_document
from fer_core.training.store import Copy, Point

KEYS = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "images_per_s", "seconds")


def make_line(epoch: int) -> dict[str, Any]:
    """One line of a history; each value tells its epoch and key."""
    return {"epoch": epoch, **{key: epoch + place / 16 for place, key in enumerate(KEYS)}, "time_s": 1000.0 + epoch}


def make_run(*, epochs: int = 0, state: str = "interrupted", message: str = "", **fields: Any) -> Run:
    """A run's folder with that many lines of history; nobody works on it."""
    run = create_run("seed", "sample", epochs=9)
    change_run(run, state=state, message=message, **fields)
    add_lines(run, range(1, epochs + 1))
    return load_run(run.id)


def change_run(run: Run, **fields: Any) -> Run:
    """Change fields of run.json."""
    write_json(run.path / RUN_FILE, {**read_document(run.path), **fields})
    return load_run(run.id)


def add_lines(run: Run, epochs: Iterable[int]) -> Run:
    """Append to a run's history."""
    for epoch in epochs:
        append_json_line(run.path / HISTORY_FILE, make_line(epoch))
    return load_run(run.id)


def points_of(epochs: Iterable[int]) -> list[tuple[str, float, int, int]]:
    """What a store has of those epochs, in the order of ``FakeStore.points_of``."""
    lines = [make_line(epoch) for epoch in epochs]
    return sorted(Point(key, line[key], line["epoch"], round(line["time_s"] * 1000)) for line in lines for key in KEYS)


class AwayError(Exception):
    """The store does not answer."""


class RefusedError(Exception):
    """The store answers, and will not have it."""

    error_code = "INVALID_PARAMETER_VALUE"


class KilledError(BaseException):
    """The process is gone between two of its statements."""


@dataclass
class FakeStore:
    """A store in memory.

    Attributes:
        away: it does not answer.
        refuses: ids of runs that it will not have.
        kill_after: the process is killed after the call of this number, which the store still carries out.
    """

    is_new: bool = False
    away: bool = False
    refuses: tuple[str, ...] = ()
    kill_after: int = -1
    calls: list[str] = field(default_factory=list)
    copies: dict[str, Copy] = field(default_factory=dict)
    points_sent: list[tuple[str, Point]] = field(default_factory=list)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[str, list[str]] = field(default_factory=dict)

    def find(self, run_id: str) -> Copy | None:
        self._begin("find")
        if run_id in self.refuses:
            raise RefusedError("that name")
        return self._end(self.copies.get(run_id))

    def create(self, run: Run) -> Copy:
        self._begin("create")
        self.copies[run.id] = Copy(f"copy of {run.id}", {})
        return self._end(self.copies[run.id])

    def points(self, copy_id: str, keys: Iterable[str]) -> set[tuple[str, int]]:
        self._begin("points")
        wanted = set(keys)
        return self._end(
            {(point.key, point.step) for owner, point in self.points_sent if owner == copy_id and point.key in wanted}
        )

    def send(self, copy_id: str, points: Sequence[Point], params: Mapping[str, str], tags: Mapping[str, str]) -> None:
        self._begin("send")
        self.points_sent += [(copy_id, point) for point in points]
        run_id = copy_id.removeprefix("copy of ")
        self.copies[run_id] = replace(self.copies[run_id], params={**self.copies[run_id].params, **params})
        self.tags.setdefault(run_id, {}).update(tags)
        self._end(None)

    def set_status(self, copy_id: str, status: str, ended_s: float | None) -> None:
        self._begin("set_status")
        self.statuses.setdefault(copy_id.removeprefix("copy of "), []).append(status)
        self._end(None)

    def points_of(self, run: Run) -> list[Point]:
        """All points of a run, duplicates included."""
        return sorted(point for copy_id, point in self.points_sent if copy_id == f"copy of {run.id}")

    def _begin(self, name: str) -> None:
        if self.away:
            raise AwayError("nobody answers at http://name:secret@host")
        self.calls.append(name)

    def _end(self, answer: Any) -> Any:
        if len(self.calls) == self.kill_after:
            self.kill_after = -1
            raise KilledError
        return answer
