"""What of a run a store has, and sending the rest, each value once.

A run's ``mirror.json`` notes what the store has acknowledged. A line that was sent, but not noted before a kill, is not
sent twice: whoever takes up a run again first asks the store what it has.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from fer_core.files import write_json
from fer_core.runs import Run, read_history
from fer_core.runs.folder import RUN_FILE, read_object
from fer_core.training.store import Point, Store

MIRROR_FILE = "mirror.json"
LINES_A_CALL = 50
LONGEST_TAG = 5000
STATUS = {"done": "FINISHED", "failed": "FAILED", "stopped": "KILLED", "interrupted": "KILLED"}
"""MLflow's word for our states; all others are RUNNING."""


@dataclass(frozen=True)
class Note:
    """What a store has acknowledged of a run.

    Attributes:
        tracking_uri: the store's, without passwords.
        mlflow_run_id: of the run's copy there.
        epoch: the last one that was acknowledged; 0 is none.
        state, message: as last acknowledged.
    """

    tracking_uri: str
    mlflow_run_id: str = ""
    epoch: int = 0
    state: str = ""
    message: str = ""

    def covers(self, run: Run, last_epoch: int) -> bool:
        """Whether the store has all there is of ``run``."""
        return (self.epoch, self.state, self.message) == (last_epoch, run.state, run.message)


def read_note(folder: Path, uri: str) -> Note:
    """Read what the store at ``uri`` has acknowledged; a note on another store counts for nothing."""
    found = read_object(folder / MIRROR_FILE)
    known = {field.name: found[field.name] for field in fields(Note) if field.name in found}
    return Note(**known) if known.get("tracking_uri") == uri else Note(uri)


def write_note(folder: Path, note: Note) -> None:
    """Write a run's note, unless its folder is gone."""
    if (folder / RUN_FILE).is_file():
        write_json(folder / MIRROR_FILE, asdict(note))


class Copier:
    """Sends what a store lacks of runs.

    Args:
        store: where to.
        uri: its address, as it is noted.
    """

    def __init__(self, store: Store, uri: str) -> None:
        self._store = store
        self._uri = uri
        self._known: set[str] = set()

    def send(self, run: Run) -> None:
        """Send what the store lacks of one run, and note it; whatever the store raises comes through.

        A run without a whole epoch is not sent.
        """
        lines = read_history(run.id)
        note = read_note(run.path, self._uri)
        if not lines or note.covers(run, lines[-1]["epoch"]):
            return
        if run.id in self._known:
            rest = [line for line in lines if line["epoch"] > note.epoch]
            note = self._send_lines(run, note, rest, there=set())
        else:
            note = self._meet(run, note, lines)
        write_note(run.path, replace(note, epoch=lines[-1]["epoch"], state=run.state, message=run.message))

    def _meet(self, run: Run, note: Note, lines: Sequence[Mapping[str, Any]]) -> Note:
        """Find or make the run's copy, and send what is not there."""
        copy = self._store.find(run.id) or self._store.create(run)
        if note.mlflow_run_id != copy.id:
            note = Note(self._uri, copy.id)
            write_note(run.path, note)
        if copy.deleted:
            return note
        params = {key: value for key, value in flatten(run.settings) if key not in copy.params}
        self._store.send(copy.id, [], params, {})
        keys = {point.key for line in lines for point in to_points(line, run)}
        note = self._send_lines(run, note, lines, there=self._store.points(copy.id, keys))
        self._known.add(run.id)
        return note

    def _send_lines(self, run: Run, note: Note, lines: Sequence[Mapping[str, Any]], *, there: set[tuple[str, int]]) -> Note:
        """Send the lines but for the values that are there already, then the state."""
        for start in range(0, len(lines), LINES_A_CALL):
            part = lines[start : start + LINES_A_CALL]
            points = [point for line in part for point in to_points(line, run) if (point.key, point.step) not in there]
            if points:
                self._store.send(note.mlflow_run_id, points, {}, {})
            note = replace(note, epoch=max(note.epoch, part[-1]["epoch"]))
            write_note(run.path, note)
        if (note.state, note.message) != (run.state, run.message):
            self._store.send(note.mlflow_run_id, [], {}, tags_of(run))
            self._store.set_status(note.mlflow_run_id, STATUS.get(run.state, "RUNNING"), run.ended_s)
        return note


def to_points(line: Mapping[str, Any], run: Run) -> list[Point]:
    """Give a history line's numbers; the same line gives the same points whenever it is sent."""
    time_ms = round(line.get("time_s", run.created_s) * 1000)
    return [
        Point(key, float(value), line["epoch"], time_ms)
        for key, value in line.items()
        if key not in ("epoch", "time_s") and isinstance(value, int | float) and not isinstance(value, bool)
    ]


def flatten(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Give names and values of settings as text: ``outer.inner`` where they are nested, lists with commas."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{key}.")
        elif isinstance(value, list | tuple):
            yield prefix + key, ", ".join(map(str, value)) or "none"
        else:
            yield prefix + key, str(value)


def tags_of(run: Run) -> dict[str, str]:
    """Give what is known of a run besides settings and figures."""
    tags = {"data": run.data_name, "data_digest": run.data_digest, "recipe": run.recipe}
    return {key: value[:LONGEST_TAG] for key, value in {**tags, "state": run.state, "message": run.message}.items()}
