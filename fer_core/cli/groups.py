"""The groups of commands: data, runs, models."""

from typing import Annotated

import typer

from fer_core.cli.output import (
    AsJson,
    Data,
    RunId,
    SkipBadRows,
    load_dataset,
    percent,
    print_json,
    print_table,
    run_json,
    show_run,
    tell,
    work_on,
)

data_app = typer.Typer(no_args_is_help=True, help="Look into a dataset.")
runs_app = typer.Typer(no_args_is_help=True, help="Watch and steer trainings.")
models_app = typer.Typer(no_args_is_help=True, help="Name models, and say which one serves.")


@data_app.command("summary")
def data_summary(data: Data = None, skip_bad_rows: SkipBadRows = False, as_json: AsJson = False) -> None:
    """Count a dataset's images by split and emotion."""
    from fer_core.labels import EMOTIONS

    dataset = load_dataset(data, skip_bad_rows)
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
        print_json(summary)
        return
    for note in dataset.notes:
        tell(note)
    rows = [[name, len(split), *split.counts().tolist()] for name, split in dataset.splits.items()]
    print_table(f"{dataset.name}: {dataset.n:,} images", ["split", "n", *EMOTIONS], rows)


@data_app.command("copies")
def data_copies(data: Data = None, skip_bad_rows: SkipBadRows = False, as_json: AsJson = False) -> None:
    """Count images that are there more than once, pixel for pixel, and blank ones."""
    from fer_core.dataset import find_copies

    dataset = load_dataset(data, skip_bad_rows)
    counts = find_copies(dataset).to_json()
    if as_json:
        print_json(counts)
        return
    print_table(f"exact copies in {dataset.name}", ["what", "n"], [[key.replace("_", " "), n] for key, n in counts.items()])


@runs_app.command("list")
def runs_list(as_json: AsJson = False) -> None:
    """List all runs, the newest first."""
    from fer_core import runs

    found = runs.list_runs()
    if as_json:
        print_json([run_json(run) for run in found])
        return
    rows = [
        [run.id, run.recipe, run.state, f"{run.epochs_done}/{run.epochs}", percent(run.best_validation), run.message]
        for run in found
    ]
    print_table("runs", ["id", "recipe", "state", "epochs", "best validation", "message"], rows)


@runs_app.command("show")
def runs_show(run_id: RunId, as_json: AsJson = False) -> None:
    """Show one run and its history."""
    from fer_core import runs

    run, history = runs.load_run(run_id), runs.read_history(run_id)
    if as_json:
        print_json({**run_json(run), "history": history})
        return
    typer.echo(f"{run.id}: {run.state}. {run.message}")
    keys = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "images_per_s"]
    print_table("history", keys, [[f"{line[key]:.4g}" for key in keys] for line in history])


@runs_app.command("stop")
def runs_stop(run_id: RunId, as_json: AsJson = False) -> None:
    """Ask a run to stop; it keeps what its recipe keeps."""
    from fer_core import runs

    show_run(runs.stop_run(run_id), as_json)


@runs_app.command("resume")
def runs_resume(
    run_id: RunId,
    detach: Annotated[bool, typer.Option(help="Train in a process of its own, and return.")] = False,
    as_json: AsJson = False,
) -> None:
    """Go on with a run from its last checkpoint."""
    from fer_core import runs

    show_run(runs.resume_run(run_id) if detach else work_on(run_id), as_json)


@runs_app.command("delete")
def runs_delete(run_id: RunId, as_json: AsJson = False) -> None:
    """Delete a run with its checkpoints and model."""
    from fer_core import runs

    runs.delete_run(run_id)
    print_json({"deleted": run_id}) if as_json else typer.echo(f"deleted {run_id}")


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
        print_json(found)
        return
    print_table("models", ["name", "path", "parameters", "serving"], [list(line.values()) for line in found])


@models_app.command("promote")
def models_promote(run_id: RunId, name: str, replace: bool = False, as_json: AsJson = False) -> None:
    """Copy a run's model to a name of its own."""
    from fer_core.model import promote

    model = promote(run_id, name, replace=replace)
    print_json({"name": model.name, "path": str(model.path)}) if as_json else typer.echo(f"{run_id} is now {model.name}")


@models_app.command("serve")
def models_serve(name: str, as_json: AsJson = False) -> None:
    """Make a model the one that the app uses."""
    from fer_core.model import serve

    serve(name)
    print_json({"serving": name}) if as_json else typer.echo(f"{name} serves")


@models_app.command("browser")
def models_browser(name: str, as_json: AsJson = False) -> None:
    """Make the network that browsers run, of a model that has none."""
    from fer_core.model import load_model
    from fer_core.training.browser_file import add_browser_file

    path = add_browser_file(load_model(name))
    print_json({"path": str(path), "bytes": path.stat().st_size}) if as_json else typer.echo(f"wrote {path}")
