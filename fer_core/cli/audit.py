"""`data audit`: the long look into a dataset."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from fer_core.cli.output import (
    AsJson,
    Data,
    SkipBadRows,
    Votes,
    find_fitting_votes,
    load_dataset,
    percent,
    prepare_file,
    print_json,
    print_table,
    show_progress,
    write_file,
)


def data_audit(
    data: Data = None,
    votes: Votes = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", metavar="OUT", help="Write a line a finding.")] = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: AsJson = False,
) -> None:
    """Find copies, near copies, images without a face and likely label errors; Ctrl-C interrupts, the same command goes on.

    What was found is kept by the dataset's digest. The votes named here only judge it.
    """
    from fer_core.audit.report import read_audit, to_json
    from fer_core.audit.work import work_on_audit

    if csv_file:
        prepare_file(csv_file)
    dataset = load_dataset(data, skip_bad_rows)
    counted = find_fitting_votes(votes, dataset)
    audit = read_audit(dataset)
    if not audit.is_whole:
        if not work_on_audit(dataset, _predict, progress=show_progress):
            raise typer.Abort
        audit = read_audit(dataset, audit.copies)
    if csv_file:
        write_file(csv_file, _to_csv(audit, counted))
    document = to_json(audit, counted)
    if as_json:
        print_json(document)
    elif not csv_file:
        _show(document)


def _predict(train: Any, asked: Any, seed: int, progress: Callable[[float], None]) -> Any:
    from fer_core.training.out_of_sample import predict_out_of_sample

    return predict_out_of_sample(train, asked, seed, progress)


def _to_csv(audit: Any, votes: Any) -> bytes:
    from fer_core.audit.report import CSV_HEADER, csv_lines

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_HEADER)
    writer.writerows(csv_lines(audit, votes))
    return text.getvalue().encode()


def _show(document: dict[str, Any]) -> None:
    lines = [[key.replace("_", " "), n] for key, n in document["copies"].items()]
    lines += [[name.replace("_", " "), len(document[name])] for name in ("near_copies", "no_face", "label_errors")]
    print_table(f"audit of {document['dataset']}", ["what", "n"], lines)
    judged = document["judged_by_votes"] or {}
    if "label_errors" in judged:
        errors = judged["label_errors"]
        typer.echo(
            f"Of the first {errors['first']:,} likely label errors, {percent(errors['confirmed'])} are confirmed: at most one "
            f"voter chose the label (of all rows, {percent(errors['base_rate'])})."
        )
    if "no_face" in judged:
        no_face = judged["no_face"]
        typer.echo(
            f"Of {no_face['n']:,} images in which no voter saw a face, {percent(no_face['recall'])} are found; "
            f"{percent(no_face['flagged'])} of all rows are flagged. {no_face['caution']}"
        )
