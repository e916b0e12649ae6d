"""The commands that do a job: train, evaluate, predict."""

from pathlib import Path
from typing import Annotated, Any

import typer

from fer_core.cli.output import (
    AsJson,
    Data,
    SkipBadRows,
    Votes,
    load_dataset,
    load_votes,
    print_json,
    print_table,
    run_json,
    show_progress,
    tell,
    work_on,
)
from fer_core.cli.photos import evaluate_photos
from fer_core.errors import MediaError


def train(
    recipe: Annotated[str, typer.Option(help="Name of a recipe.")],
    data: Data = None,
    epochs: Annotated[int | None, typer.Option(help="Instead of the recipe's.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a setting.")] = None,
    votes: Votes = None,
    exclude: Annotated[str | None, typer.Option(help="Name of a list of rows to leave out.")] = None,
    detach: Annotated[bool, typer.Option(help="Train in a process of its own, and return.")] = False,
    deterministic: Annotated[bool, typer.Option(help="Repeatable, and slower.")] = False,
    skip_bad_rows: SkipBadRows = False,
    measure: Annotated[bool, typer.Option(help="Only take a few steps, and give images/s.")] = False,
    as_json: AsJson = False,
) -> None:
    """Train a model; prints the run's id. Ctrl-C interrupts, `runs resume` goes on."""
    from fer_core import runs
    from fer_core.dataset import find_source, find_votes

    changes = dict(_split_setting(text) for text in settings or [])
    if epochs is not None:
        changes["epochs"] = epochs
    if measure:
        from fer_core.training.measure import measure_steps

        chosen = runs.with_settings(runs.find_recipe(recipe), changes)
        speed = measure_steps(chosen)
        print_json({"images_per_s": speed}) if as_json else typer.echo(f"{speed:.0f} images/s")
        return
    source = _absolute(find_source(data))
    found = find_votes(votes)
    run = runs.create_run(
        recipe,
        source,
        settings=changes,
        deterministic=deterministic,
        skip_bad_rows=skip_bad_rows,
        votes=str(Path(found).absolute()) if found else None,
        exclude=exclude,
    )
    if not as_json:
        typer.echo(run.id)
    run = runs.resume_run(run.id) if detach else work_on(run.id)
    if as_json:
        print_json(run_json(run))


def evaluate(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A name, a run's id or a folder.")],
    split: Annotated[str | None, typer.Option(help="train, validation or test.")] = None,
    against: Annotated[str, typer.Option(help="label, or crowd: the majority of FER+'s votes.")] = "label",
    data: Data = None,
    votes: Votes = None,
    detect: Annotated[
        bool, typer.Option("--detect", help="The images are photos: find each one's largest face first.")
    ] = False,
    skip_bad_rows: SkipBadRows = False,
    as_json: AsJson = False,
) -> None:
    """Evaluate a model on a split, against its labels or the crowd's votes; a first look at test enters the ledger.

    With --detect, DATA is a folder of photos of any size in a folder for each emotion, with splits' folders above these or
    without (then --split is left out).
    """
    from fer_core.dataset import find_source
    from fer_core.evaluation import evaluate as evaluate_model
    from fer_core.model import load_model

    _check_question(split, against, detect)
    if detect:
        evaluate_photos(model, find_source(data), split, skip_bad_rows, as_json)
        return
    chosen, dataset = load_model(model), load_dataset(data, skip_bad_rows)
    counted = load_votes(votes, dataset) if against == "crowd" else None
    result = evaluate_model(chosen, dataset, str(split), votes=counted, progress=show_progress)
    if as_json:
        print_json(result.to_json() | _describe_confidence(chosen, dataset, result, counted))
    else:
        _print_evaluation(result.to_json())


def _check_question(split: str | None, against: str, detect: bool) -> None:
    from fer_core.labels import SPLITS

    if split not in SPLITS and not (detect and split is None):
        received = "none" if split is None else repr(split)
        raise typer.BadParameter(f"expected one of {', '.join(SPLITS)}, received {received}", param_hint="--split")
    if against not in ("label", "crowd"):
        raise typer.BadParameter(f"expected label or crowd, received {against!r}", param_hint="--against")
    if detect and against != "label":
        raise typer.BadParameter("expected label with --detect, as nobody voted on photos", param_hint="--against")


def _print_evaluation(document: dict[str, Any]) -> None:
    from fer_core.labels import EMOTIONS

    typer.echo(
        f"{document['model']} ({document['parameters']:,} parameters) on {document['split']}, "
        f"against {document['against']}, n {document['n']:,}"
    )
    for name in ("accuracy", "macro_f1", "log_loss", "ece"):
        low, high = document[f"{name}_ci95"]
        typer.echo(f"  {name:10} {document[name]:.4f}   95 % interval {low:.4f} to {high:.4f}")
    typer.echo(f"  selected on {document['selected_on']}; models of this recipe tested: {document['times_tested']}")
    print_table(
        "confusion, rows true", ["", *EMOTIONS], [[e, *row] for e, row in zip(EMOTIONS, document["confusion"], strict=True)]
    )


def _describe_confidence(model: Any, dataset: Any, result: Any, votes: Any) -> dict[str, Any]:
    """Measure what the confidence is worth, by a threshold and sets chosen on validation; nothing where there is none."""
    from fer_core.evaluation import TARGETS, measure_confidence
    from fer_core.evaluation import evaluate as evaluate_model

    if "validation" not in dataset.splits:
        return {}
    validation = evaluate_model(model, dataset, "validation", votes=votes, progress=show_progress)
    if not len(validation) or not len(result):
        return {}
    temperature = model.info.temperature[result.head]
    return {"confidence": measure_confidence(result, validation, temperature, TARGETS[result.head]).to_json()}


def check(
    subject: Annotated[str, typer.Argument(metavar="MODEL|CSV", help="A model, or a CSV of predictions by dataset row.")],
    claimed_split: Annotated[str, typer.Option(help="The split that the figure is said to be of.")] = "test",
    claimed_accuracy: Annotated[float | None, typer.Option(help="The figure, 0 to 1.", min=0, max=1)] = None,
    data: Data = None,
    skip_bad_rows: SkipBadRows = False,
    strict: Annotated[bool, typer.Option(help="Exit with 1 where a check finds a fault.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check whether a figure is what it is said to be; a model's first look at test enters the ledger."""
    from fer_core.audit import check_model, check_predictions
    from fer_core.labels import SPLITS
    from fer_core.model import load_model

    if claimed_split not in SPLITS:
        raise typer.BadParameter(
            f"expected one of {', '.join(SPLITS)}, received {claimed_split!r}", param_hint="--claimed-split"
        )
    dataset = load_dataset(data, skip_bad_rows)
    claim: dict[str, Any] = {"claimed_split": claimed_split, "claimed_accuracy": claimed_accuracy}
    if subject.lower().endswith((".csv", ".tsv", ".txt")):
        findings = check_predictions(subject, dataset, **claim)
    else:
        findings = check_model(load_model(subject), dataset, **claim, progress=show_progress)
    if as_json:
        print_json({"subject": subject, "dataset": dataset.name, **claim, "findings": [found.to_json() for found in findings]})
    else:
        for found in findings:
            typer.echo(f"{'ok   ' if found.ok else 'FAULT'} {found.check:12} {found.summary}")
    if strict and not all(found.ok for found in findings):
        raise typer.Exit(1)


def predict(
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Pictures.")],
    model: Annotated[str | None, typer.Option(help="A name, a run's id or a folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find the faces in pictures and recognise their expressions."""
    from fer_core.model import Classifier, load_model
    from fer_core.vision import Detector

    detector, classifier = Detector(), Classifier(load_model(model))
    results, failed = [], []
    for path in images:
        try:
            results.append(_predict_one(path, detector, classifier))
        except MediaError as error:
            failed.append(str(error))
            tell(f"error: {error}")
    if as_json:
        print_json(results)
    else:
        for result in results:
            words = [
                f"{'unsure, ' if face['unsure'] else ''}{face['emotion']} {face['confidence']:.0%}" for face in result["faces"]
            ]
            typer.echo(f"{result['path']}: {'; '.join(words) or 'no face'}")
    if failed:
        raise typer.Exit(1)


def _predict_one(path: Path, detector: Any, classifier: Any) -> dict[str, Any]:
    from fer_core.labels import EMOTIONS
    from fer_core.vision import read_picture, recognise

    picture = read_picture(path)
    faces = recognise(picture.image, detector, classifier)
    boxes = (faces.boxes * picture.scale).round().astype(int).tolist()
    return {
        "path": str(path),
        "width": picture.size_wh[0],
        "height": picture.size_wh[1],
        "faces": [
            {
                "box": boxes[index],
                "score": float(faces.scores[index]),
                "emotion": faces.emotions[index],
                "confidence": float(faces.confidences[index]),
                "unsure": bool(faces.unsure[index]),
                "probabilities": dict(zip(EMOTIONS, faces.probabilities[index].tolist(), strict=True)),
            }
            for index in range(len(faces))
        ],
    }


def _absolute(source: str) -> str:
    """A run may go on from another folder, so its source must not depend on this one."""
    from fer_core.dataset import SAMPLE

    return source if source == SAMPLE else str(Path(source).absolute())


def _split_setting(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"expected key=value, received {text!r}", param_hint="--set")
    return key.strip(), value.strip()
