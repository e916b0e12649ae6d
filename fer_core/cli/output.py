"""What the commands share: options, printing, and loading what an option names."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from fer_core.errors import DatasetError, FerError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Data = Annotated[
    str | None, typer.Option("--data", help="A CSV, folder, zip, or sample; without it FER2013_CSV, then the sample.")
]
Votes = Annotated[str | None, typer.Option("--votes", help="FER+'s votes (fer2013new.csv); without it FERPLUS_CSV.")]
SkipBadRows = Annotated[bool, typer.Option("--skip-bad-rows", help="Leave unreadable rows out instead of stopping.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")]


def load_dataset(data: str | None, skip_bad_rows: bool) -> Any:
    """Load what ``--data`` names, or the default."""
    from fer_core.dataset import find_source, load_dataset

    return load_dataset(find_source(data), skip_bad_rows=skip_bad_rows, progress=show_progress)


def load_votes(votes: str | None, dataset: Any) -> Any:
    """Read what ``--votes`` names, or the default.

    Raises:
        DatasetError: there are none, or they are not this dataset's.
    """
    from fer_core.dataset import find_votes, read_votes

    found = find_votes(votes)
    if found is None:
        raise DatasetError("expected FER+'s votes, received none. Name fer2013new.csv with --votes or FERPLUS_CSV.")
    return read_votes(found, dataset)


def find_fitting_votes(votes: str | None, dataset: Any) -> Any:
    """Read what ``--votes`` names; else the default, where it is this dataset's; None where there are none.

    Raises:
        DatasetError: what ``--votes`` names is not this dataset's.
    """
    from fer_core.dataset import find_votes, read_votes

    found = find_votes(votes)
    try:
        return read_votes(found, dataset) if found else None
    except DatasetError as error:
        if votes:
            raise
        tell(f"without votes: {error}")
        return None


def prepare_file(path: Path) -> None:
    """See that a file can be written, before the work whose result it is for.

    Raises:
        FerError: it cannot.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error.strerror or "") from None
    if path.is_dir():
        raise _unwritable(path, "it is a folder")
    if not os.access(path.parent, os.W_OK):
        raise _unwritable(path, "its folder is not writable")


def write_file(path: Path, content: bytes) -> None:
    """Write a file, atomically, and say so.

    Raises:
        FerError: it cannot be written.
    """
    from fer_core.files import replace_file

    try:
        with replace_file(path) as temporary:
            temporary.write_bytes(content)
    except OSError as error:
        raise _unwritable(path, error.strerror or "") from None
    tell(f"wrote {path}")


def _unwritable(path: Path, why: str) -> FerError:
    return FerError(f"{path}: expected a file that can be written, received: {why}. Name another.")


def work_on(run_id: str) -> Any:
    """Train a run in this process; gives it as it then is."""
    from fer_core.training.process import work_on

    return work_on(run_id)


def run_json(run: Any) -> dict[str, Any]:
    """Give what ``runs --json`` shows of a run."""
    keys = ("id", "recipe", "state", "message", "epochs", "epochs_done", "settings", "data", "data_digest", "best_validation")
    return {key: getattr(run, key) for key in keys}


def show_run(run: Any, as_json: bool) -> None:
    """Print where a run stands."""
    print_json(run_json(run)) if as_json else typer.echo(f"{run.id}: {run.state}. {run.message}")


def print_json(value: Any) -> None:
    """Print the one document of ``--json`` on standard output."""
    typer.echo(json.dumps(value, indent=2, allow_nan=False))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row))
    Console().print(table)


def percent(share: float | None) -> str:
    """Spell a share; nothing where there is none."""
    return "" if share is None else f"{share:.1%}"


def tell(text: str) -> None:
    """Say something on standard error."""
    typer.echo(text, err=True)


def show_progress(share: float, sentence: str) -> None:
    """Show the share done on standard error, where that is a terminal."""
    if sys.stderr.isatty():
        typer.echo(f"\r{share:4.0%} {sentence:60}", err=True, nl=share >= 1)
