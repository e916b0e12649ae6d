"""Which model serves, and how a run's model becomes one that can."""

import json
import logging
import os
import shutil
import tempfile
from dataclasses import replace as with_changes
from pathlib import Path

from fer_core.errors import ModelError
from fer_core.files import write_json
from fer_core.model.classifier import Classifier
from fer_core.model.folders import NAME_PATTERN, PREFERRED, find_model, promoted_dir, read_model, run_model_dir, shipped_dir
from fer_core.model.info import INFO_FILE, Model, write_info
from fer_core.settings import load_settings

_log = logging.getLogger(__name__)


def serving_name() -> str | None:
    """Name of the serving model: the one chosen, else the first of studio, compact, seed; None where there is none."""
    model = _chosen()[0] or _preferred()
    return model.name if model else None


def serving_note() -> str | None:
    """Say why the model that was chosen does not serve; None where it does, or where nobody chose."""
    return _chosen()[1]


def serving_model() -> Model:
    """Load the serving model.

    Raises:
        ModelError: there is none.
    """
    model, note = _chosen()
    if note:
        _log.warning("%s", note)
    model = model or _preferred()
    if model is None:
        raise ModelError(
            f"expected a serving model, received none of {', '.join(PREFERRED)}. "
            "Train one, then `fer-studio models promote RUN NAME` and `fer-studio models serve NAME`."
        )
    return model


def serve(name: str) -> None:
    """Make a promoted or shipped model the serving one, after seeing that it runs.

    Raises:
        ModelError: there is no such model, or it does not run.
    """
    model = find_model(name)
    if model is None:
        raise ModelError(
            f"expected the name of a promoted or shipped model, received {name!r}. "
            "`fer-studio models list` shows them; a run's model is promoted first."
        )
    Classifier(model)
    write_json(_choice_path(), {"name": name})


def promote(run_id: str, name: str, *, replace: bool = False) -> Model:
    """Copy a finished run's model to FER_HOME/models/<name>; it appears there whole or not at all.

    Args:
        run_id: a run whose ``model/`` folder is complete.
        name: 1 to 40 of a-z, 0-9 and hyphen; not a shipped model's.
        replace: whether an older promoted model of this name may be replaced.

    Raises:
        ModelError: the name cannot be used, or the run has no model that runs.
    """
    target = _free_target(name, replace=replace)
    source = run_model_dir(run_id)
    if not (source / INFO_FILE).is_file():
        raise ModelError(
            f"expected a finished run with a model, received {run_id!r}. `fer-studio runs list` shows their states."
        )
    Classifier(read_model(source, run_id, "run"))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{name}.") as scratch:
        copy = Path(scratch) / "new"
        shutil.copytree(source, copy)
        write_info(copy, with_changes(read_model(copy, name, "promoted").info, name=name))
        _swap_in(copy, target, old=Path(scratch) / "old", replace=replace)
    return read_model(target, name, "promoted")


def _free_target(name: str, *, replace: bool) -> Path:
    if not NAME_PATTERN.fullmatch(name):
        raise ModelError(f"expected a name of 1 to 40 of a-z, 0-9 and hyphen, received {name!r}. Choose another name.")
    if (shipped_dir() / name).is_dir():
        raise ModelError(f"expected a name of your own, received {name!r}, a shipped model's. Choose another name.")
    target = promoted_dir() / name
    if target.exists() and not replace:
        raise ModelError(f"expected a new name, received {name!r}, which is taken. Choose another name, or replace that model.")
    return target


def _swap_in(copy: Path, target: Path, *, old: Path, replace: bool) -> None:
    if replace and target.exists():
        os.rename(target, old)
    try:
        os.rename(copy, target)
    except OSError as error:
        if old.exists() and not target.exists():
            os.rename(old, target)
        raise ModelError(f"{target}: expected to write a model here, received: {error.strerror}. Try again.") from None


def _choice_path() -> Path:
    return load_settings().home / "serving.json"


def _chosen() -> tuple[Model | None, str | None]:
    path = _choice_path()
    try:
        name = json.loads(path.read_text(encoding="utf-8"))["name"]
    except FileNotFoundError:
        return None, None
    except (OSError, ValueError, KeyError, TypeError):
        return None, f"{path} cannot be read, so the model that comes with FER Studio serves. Choose one again."
    try:
        model = find_model(str(name))
    except ModelError as error:
        return None, f"The chosen model {name} cannot be read, so another serves. {error}"
    return model, None if model else f"The chosen model {name} is gone, so another serves. Choose one again."


def _preferred() -> Model | None:
    for name in PREFERRED:
        try:
            model = find_model(name)
        except ModelError as error:
            _log.warning("left out a model: %s", error)
            continue
        if model:
            return model
    return None
