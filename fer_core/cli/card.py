"""The command that draws up a score card."""

from pathlib import Path
from typing import Annotated

import typer

from fer_core.cli.output import (
    AsJson,
    Data,
    SkipBadRows,
    Votes,
    find_fitting_votes,
    load_dataset,
    prepare_file,
    print_json,
    show_progress,
    write_file,
)


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
            prepare_file(path)
    chosen, dataset = load_model(model), load_dataset(data, skip_bad_rows)
    card = score_model(chosen, dataset, split, votes=find_fitting_votes(votes, dataset), progress=show_progress)
    if png:
        from fer_core.charts import scorecard_png

        write_file(png, scorecard_png(card.to_drawing()))
    if markdown:
        write_file(markdown, card.to_markdown().encode())
    if as_json:
        print_json(card.to_json())
    elif not (png or markdown):
        typer.echo(card.to_markdown(), nl=False)
