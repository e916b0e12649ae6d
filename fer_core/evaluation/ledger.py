"""The test ledger: which models were ever shown the answers of a test split."""

import fcntl
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fer_core.errors import FerError
from fer_core.files import append_json_line
from fer_core.model import Model, list_models
from fer_core.settings import load_settings


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One first look of a model at a dataset's test split."""

    model_digest: str
    data_digest: str
    split_digest: str
    recipe: str
    model: str
    run_id: str
    n: int
    accuracy: float | None
    """Of the label head, 0..1; None of an empty split, or where only the crowd's majority was asked about."""
    when: str
    """ISO 8601, UTC."""


def ledger_path() -> Path:
    """Where the ledger is, below FER_HOME."""
    return load_settings().home / "test_ledger.jsonl"


def read_ledger() -> list[dict[str, Any]]:
    """Read the ledger's lines, oldest first; what a kill cut short is left out."""
    try:
        text = ledger_path().read_bytes().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in map(_parse, text.splitlines()) if line is not None]


def enter_test_evaluation(line: LedgerLine) -> bool:
    """Add ``line`` unless the ledger has its pair of model and data already; safe with several writers.

    Returns:
        Whether the line was added.

    Raises:
        FerError: the ledger cannot be written.
    """
    try:
        with _locked():
            if any(_pair(known) == (line.model_digest, line.data_digest) for known in read_ledger()):
                return False
            _end_cut_line(ledger_path())
            append_json_line(ledger_path(), asdict(line))
            return True
    except OSError as error:
        raise FerError(
            f"{ledger_path()}: expected to enter this test evaluation, received: {error.strerror}. "
            "Make FER_HOME writable; a test figure is shown only once it is entered."
        ) from None


def times_tested(recipe: str, split_digest: str, models: Iterable[Model] = ()) -> int:
    """Count the different models of a recipe ever evaluated on a test split.

    Args:
        recipe: name of the recipe.
        split_digest: of the test split.
        models: more models whose model.json may list test evaluations, beside the shipped and promoted ones.
    """
    lines = read_ledger()
    for model in [*list_models(), *models]:
        lines.extend(model.info.test_evaluations)
    wanted = [line for line in lines if line.get("recipe") == recipe and line.get("split_digest") == split_digest]
    return len({line["model_digest"] for line in wanted if line.get("model_digest")})


def _pair(line: dict[str, Any]) -> tuple[Any, Any]:
    return line.get("model_digest"), line.get("data_digest")


def _parse(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _end_cut_line(path: Path) -> None:
    if path.exists() and path.read_bytes()[-1:] not in (b"", b"\n"):
        with path.open("ab") as file:
            file.write(b"\n")


@contextmanager
def _locked() -> Iterator[None]:
    lock = ledger_path().with_suffix(".lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
