"""The command that draws up a score card."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from fer_core.cli.output import AsJson, Data, SkipBadRows, Votes, load_dataset, print_json, show_progress, tell
from fer_core.errors import DatasetError, FerError


def scorecard(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A name, a run's id or a folder.")],
    split: Annotated[str, typer.Option(help="train, validation or test; a first look at test enters the ledger.")] = "test",
    png: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the card there.")] = None,
    markdown: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the card there.")] = None,
    data: Data = None,
    votes: Votes = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: AsJson = False,
) -> None:
    """Draw up a model's score card: its figures with intervals and what bears on them, beside those of others.

    Prints Markdown where no file and no JSON is asked for. With --split test it evaluates the model on test, as evaluate does:
    a first look enters the ledger.
    """
    from fer_core.audit import score_model
    from fer_core.labels import SPLITS
    from fer_core.model import load_model

    if split not in SPLITS:
        raise typer.BadParameter(f"expected one of {', '.join(SPLITS)}, received {split!r}", param_hint="--split")
    for path in (png, markdown):
        if path:
            _prepare(path)
    chosen, dataset = load_model(model), load_dataset(data, skip_bad_rows)
    card = score_model(chosen, dataset, split, votes=_find_votes(votes, dataset), progress=show_progress)
    if png:
        from fer_core.charts import scorecard_png

        _write(png, scorecard_png(card.to_drawing()))
    if markdown:
        _write(markdown, card.to_markdown().encode())
    if as_json:
        print_json(card.to_json())
    elif not (png or markdown):
        typer.echo(card.to_markdown(), nl=False)


def _find_votes(votes: str | None, dataset: Any) -> Any:
    """Read what ``--votes`` names; else the default, where it is this dataset's."""
    from fer_core.dataset import find_votes, read_votes

    found = find_votes(votes)
    try:
        return read_votes(found, dataset) if found else None
    except DatasetError as error:
        if votes:
            raise
        tell(f"without the crowd: {error}")
        return None


def _prepare(path: Path) -> None:
    """See that a file can be written before a model is shown anything."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error.strerror or "") from None
    if path.is_dir():
        raise _unwritable(path, "it is a folder")
    if not os.access(path.parent, os.W_OK):
        raise _unwritable(path, "its folder is not writable")


def _write(path: Path, content: bytes) -> None:
    from fer_core.files import replace_file

    try:
        with replace_file(path) as temporary:
            temporary.write_bytes(content)
    except OSError as error:
        raise _unwritable(path, error.strerror or "") from None
    tell(f"wrote {path}")


def _unwritable(path: Path, why: str) -> FerError:
    return FerError(f"{path}: expected a file that can be written, received: {why}. Name another.")
