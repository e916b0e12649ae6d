"""The command line: every job of the app, scriptable. `--json` prints one JSON document on standard output."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from fer_core.errors import FerError, MediaError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
data_app = typer.Typer(no_args_is_help=True, help="Look into a dataset.")
runs_app = typer.Typer(no_args_is_help=True, help="Watch and steer trainings.")
models_app = typer.Typer(no_args_is_help=True, help="Name models, and say which one serves.")
app.add_typer(data_app, name="data")
app.add_typer(runs_app, name="runs")
app.add_typer(models_app, name="models")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Data = Annotated[
    str | None, typer.Option("--data", help="A CSV, folder, zip, or sample; without it FER2013_CSV, then the sample.")
]
SkipBadRows = Annotated[bool, typer.Option("--skip-bad-rows", help="Leave unreadable rows out instead of stopping.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")]


def main() -> None:
    """Run the command line; see layout of exit codes: 0 done, 1 a FerError, 2 wrong usage, 130 interrupted."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except FerError as error:
        _leave(1, f"error: {error}")
    except KeyboardInterrupt:
        _leave(130, "interrupted")
    except typer.Abort:
        _leave(130, "interrupted")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        show: Callable[[], None] = getattr(error, "show", lambda: None)
        show()
        sys.exit(getattr(error, "exit_code", 2))


@data_app.command("summary")
def data_summary(data: Data = None, skip_bad_rows: SkipBadRows = False, as_json: AsJson = False) -> None:
    """Count a dataset's images by split and emotion."""
    from fer_core.labels import EMOTIONS

    dataset = _load_dataset(data, skip_bad_rows)
    summary = {
        "name": dataset.name,
        "digest": dataset.digest,
        "n": dataset.n,
        "splits": {
            name: {
                "n": len(split),
                "digest": split.digest,
                "counts": dict(zip(EMOTIONS, split.counts().tolist(), strict=True)),
            }
            for name, split in dataset.splits.items()
        },
        "skipped": dataset.skipped,
    }
    if as_json:
        _print_json(summary)
        return
    for note in dataset.notes:
        _tell(note)
    rows = [[name, len(split), *split.counts().tolist()] for name, split in dataset.splits.items()]
    _print_table(f"{dataset.name}: {dataset.n:,} images", ["split", "n", *EMOTIONS], rows)


@app.command()
def train(
    recipe: Annotated[str, typer.Option(help="Name of a recipe.")],
    data: Data = None,
    epochs: Annotated[int | None, typer.Option(help="Instead of the recipe's.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a setting.")] = None,
    detach: Annotated[bool, typer.Option(help="Train in a process of its own, and return.")] = False,
    deterministic: Annotated[bool, typer.Option(help="Repeatable, and slower.")] = False,
    skip_bad_rows: SkipBadRows = False,
    measure: Annotated[bool, typer.Option(help="Only take a few steps, and give images/s.")] = False,
    as_json: AsJson = False,
) -> None:
    """Train a model; prints the run's id. Ctrl-C interrupts, `runs resume` goes on."""
    from fer_core import runs
    from fer_core.dataset import find_source

    changes = dict(_split_setting(text) for text in settings or [])
    if epochs is not None:
        changes["epochs"] = epochs
    if measure:
        from fer_core.training.measure import measure_steps

        chosen = runs.with_settings(runs.find_recipe(recipe), changes)
        speed = measure_steps(chosen)
        _print_json({"images_per_s": speed}) if as_json else typer.echo(f"{speed:.0f} images/s")
        return
    source = _absolute(find_source(data))
    run = runs.create_run(recipe, source, settings=changes, deterministic=deterministic, skip_bad_rows=skip_bad_rows)
    if not as_json:
        typer.echo(run.id)
    run = runs.resume_run(run.id) if detach else _work_on(run.id)
    if as_json:
        _print_json(_run_json(run))


@runs_app.command("list")
def runs_list(as_json: AsJson = False) -> None:
    """List all runs, the newest first."""
    from fer_core import runs

    found = runs.list_runs()
    if as_json:
        _print_json([_run_json(run) for run in found])
        return
    rows = [
        [run.id, run.recipe, run.state, f"{run.epochs_done}/{run.epochs}", _percent(run.best_validation), run.message]
        for run in found
    ]
    _print_table("runs", ["id", "recipe", "state", "epochs", "best validation", "message"], rows)


@runs_app.command("show")
def runs_show(run_id: RunId, as_json: AsJson = False) -> None:
    """Show one run and its history."""
    from fer_core import runs

    run, history = runs.load_run(run_id), runs.read_history(run_id)
    if as_json:
        _print_json({**_run_json(run), "history": history})
        return
    typer.echo(f"{run.id}: {run.state}. {run.message}")
    keys = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "images_per_s"]
    _print_table("history", keys, [[f"{line[key]:.4g}" for key in keys] for line in history])


@runs_app.command("stop")
def runs_stop(run_id: RunId, as_json: AsJson = False) -> None:
    """Ask a run to stop; it keeps what its recipe keeps."""
    from fer_core import runs

    _show_run(runs.stop_run(run_id), as_json)


@runs_app.command("resume")
def runs_resume(
    run_id: RunId,
    detach: Annotated[bool, typer.Option(help="Train in a process of its own, and return.")] = False,
    as_json: AsJson = False,
) -> None:
    """Go on with a run from its last checkpoint."""
    from fer_core import runs

    _show_run(runs.resume_run(run_id) if detach else _work_on(run_id), as_json)


@runs_app.command("delete")
def runs_delete(run_id: RunId, as_json: AsJson = False) -> None:
    """Delete a run with its checkpoints and model."""
    from fer_core import runs

    runs.delete_run(run_id)
    _print_json({"deleted": run_id}) if as_json else typer.echo(f"deleted {run_id}")


@app.command()
def evaluate(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A name, a run's id or a folder.")],
    split: Annotated[str, typer.Option(help="train, validation or test.")],
    data: Data = None,
    skip_bad_rows: SkipBadRows = False,
    as_json: AsJson = False,
) -> None:
    """Evaluate a model on a split against the dataset's labels; a first look at test enters the ledger."""
    from fer_core.evaluation import evaluate as evaluate_model
    from fer_core.labels import EMOTIONS, SPLITS
    from fer_core.model import load_model

    if split not in SPLITS:
        raise typer.BadParameter(f"expected one of {', '.join(SPLITS)}, received {split!r}", param_hint="--split")
    chosen = load_model(model)
    result = evaluate_model(chosen, _load_dataset(data, skip_bad_rows), split, progress=_progress)
    document = result.to_json()
    if as_json:
        _print_json(document)
        return
    typer.echo(f"{document['model']} ({document['parameters']:,} parameters) on {split}, n {document['n']:,}")
    for name in ("accuracy", "macro_f1", "log_loss", "ece"):
        low, high = document[f"{name}_ci95"]
        typer.echo(f"  {name:10} {document[name]:.4f}   95 % interval {low:.4f} to {high:.4f}")
    typer.echo(f"  selected on {document['selected_on']}; models of this recipe tested: {document['times_tested']}")
    _print_table(
        "confusion, rows true", ["", *EMOTIONS], [[e, *row] for e, row in zip(EMOTIONS, document["confusion"], strict=True)]
    )


@app.command()
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
            _tell(f"error: {error}")
    if as_json:
        _print_json(results)
    else:
        for result in results:
            words = [
                f"{'unsure, ' if face['unsure'] else ''}{face['emotion']} {face['confidence']:.0%}" for face in result["faces"]
            ]
            typer.echo(f"{result['path']}: {'; '.join(words) or 'no face'}")
    if failed:
        raise typer.Exit(1)


@models_app.command("list")
def models_list(as_json: AsJson = False) -> None:
    """List promoted and shipped models."""
    from fer_core.model import list_models, serving_name

    serving = serving_name()
    found = [
        {"name": model.name, "path": str(model.path), "parameters": model.info.parameters, "serving": model.name == serving}
        for model in list_models()
    ]
    if as_json:
        _print_json(found)
        return
    _print_table("models", ["name", "path", "parameters", "serving"], [list(line.values()) for line in found])


@models_app.command("promote")
def models_promote(run_id: RunId, name: str, replace: bool = False, as_json: AsJson = False) -> None:
    """Copy a run's model to a name of its own."""
    from fer_core.model import promote

    model = promote(run_id, name, replace=replace)
    _print_json({"name": model.name, "path": str(model.path)}) if as_json else typer.echo(f"{run_id} is now {model.name}")


@models_app.command("serve")
def models_serve(name: str, as_json: AsJson = False) -> None:
    """Make a model the one that the app uses."""
    from fer_core.model import serve

    serve(name)
    _print_json({"serving": name}) if as_json else typer.echo(f"{name} serves")


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


def _work_on(run_id: str) -> Any:
    from fer_core.training.process import work_on

    return work_on(run_id)


def _load_dataset(data: str | None, skip_bad_rows: bool) -> Any:
    from fer_core.dataset import find_source, load_dataset

    return load_dataset(find_source(data), skip_bad_rows=skip_bad_rows, progress=_progress)


def _absolute(source: str) -> str:
    """A run may go on from another folder, so its source must not depend on this one."""
    from fer_core.dataset import SAMPLE

    return source if source == SAMPLE else str(Path(source).absolute())


def _split_setting(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"expected key=value, received {text!r}", param_hint="--set")
    return key.strip(), value.strip()


def _run_json(run: Any) -> dict[str, Any]:
    keys = ("id", "recipe", "state", "message", "epochs", "epochs_done", "settings", "data", "data_digest", "best_validation")
    return {key: getattr(run, key) for key in keys}


def _show_run(run: Any, as_json: bool) -> None:
    _print_json(_run_json(run)) if as_json else typer.echo(f"{run.id}: {run.state}. {run.message}")


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, allow_nan=False))


def _print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row))
    Console().print(table)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _tell(text: str) -> None:
    typer.echo(text, err=True)


def _progress(share: float, sentence: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{share:4.0%} {sentence:60}", err=True, nl=share >= 1)


def _leave(code: int, text: str) -> NoReturn:
    typer.echo(text, err=True)
    sys.exit(code)
