"""``fer-studio evaluate --detect``: a model on labelled photographs, in which the faces must be found first."""

from collections import Counter
from typing import Any

import typer

from fer_core.cli.output import print_json, print_table, show_progress, tell

MOST_LISTED = 10


def evaluate_photos(model: str, data: str, split: str | None, skip_bad_rows: bool, as_json: bool) -> None:
    """Find the largest face of each photograph, evaluate the model on them, and report what was missed."""
    from fer_core.dataset import list_photos
    from fer_core.evaluation import evaluate
    from fer_core.model import load_model
    from fer_core.vision import Detector, find_labelled_faces

    chosen, photos = load_model(model), list_photos(data, split, skip_bad_rows=skip_bad_rows)
    faces = find_labelled_faces(photos, Detector(), progress=show_progress)
    result = evaluate(chosen, faces.to_dataset(), photos.split, progress=show_progress)
    document = result.to_json() | {"detect": describe_detection(faces, int(result.confusion.trace()))}
    if as_json:
        print_json(document)
    else:
        print_photos(document)


def describe_detection(faces: Any, right: int) -> dict[str, Any]:
    """Say what was found, and the accuracy on the photographs with a face found and on all that could be read.

    Args:
        faces: LabelledFaces.
        right: how many of the faces found are classified right; a face missed counts as wrong in ``accuracy_all``.
    """
    from fer_core.labels import EMOTIONS

    photos, found, missed = faces.photos, len(faces.rows), len(faces.missed)
    by_emotion = Counter(EMOTIONS[photos.labels[row]] for row in faces.missed)
    return {
        "n_images": len(photos),
        "found": found,
        "missed": missed,
        "several": faces.several,
        "unreadable": len(faces.unreadable),
        "left_out": photos.left_out,
        **_share("accuracy_found", right, found),
        **_share("accuracy_all", right, found + missed),
        "missed_by_emotion": {emotion: by_emotion[emotion] for emotion in EMOTIONS},
        "missed_files": [photos.paths[row] for row in faces.missed],
        "unreadable_files": [{"path": photos.paths[row], "reason": reason} for row, reason in faces.unreadable],
    }


def print_photos(document: dict[str, Any]) -> None:
    """Print what ``--json`` would, in short: figures on standard output, files on standard error."""
    from fer_core.labels import EMOTIONS

    detect = document["detect"]
    split = "" if document["split"] == "all" else f" of {document['split']}"
    typer.echo(f"{document['model']} ({document['parameters']:,} parameters) on {detect['n_images']:,} photos{split}")
    typer.echo(
        f"  faces found in {detect['found']:,} (in {detect['several']:,} several: the largest counts), "
        f"missed in {detect['missed']:,}, unreadable {detect['unreadable']:,}, left out {detect['left_out']:,}"
    )
    _echo_figure("accuracy on those found", detect, "accuracy_found")
    _echo_figure("accuracy on all, missed = wrong", detect, "accuracy_all")
    for name in ("macro_f1", "log_loss", "ece"):
        _echo_figure(f"{name} on those found", document, name)
    typer.echo(f"  selected on {document['selected_on']}, of the data it was trained with")
    rows = zip(EMOTIONS, document["confusion"], detect["missed_by_emotion"].values(), strict=True)
    print_table("confusion, rows true", ["", *EMOTIONS, "missed"], [[emotion, *row, missed] for emotion, row, missed in rows])
    _tell_files("no face found", detect["missed_files"])
    _tell_files("unreadable", [f"{file['path']}: {file['reason']}" for file in detect["unreadable_files"]])


def _share(name: str, k: int, n: int) -> dict[str, Any]:
    from fer_core.evaluation import Figure, figure_json, proportion

    return figure_json(name, proportion(k, n) if n else Figure(*[float("nan")] * 3))


def _echo_figure(words: str, document: dict[str, Any], name: str) -> None:
    low, high = document[f"{name}_ci95"]
    if low is not None:
        typer.echo(f"  {words:32} {document[name]:.4f}   95 % interval {low:.4f} to {high:.4f}")


def _tell_files(words: str, files: list[str]) -> None:
    for file in files[:MOST_LISTED]:
        tell(f"{words}: {file}")
    if len(files) > MOST_LISTED:
        tell(f"{words}: {len(files) - MOST_LISTED:,} more; --json lists all")
