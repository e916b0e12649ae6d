"""Which models there are: promoted, shipped, in runs and in folders."""

import difflib
import logging
import re
from pathlib import Path
from typing import Literal

from fer_core.errors import ModelError
from fer_core.model.info import INFO_FILE, REMEDY, TFLITE_FILE, Model, read_info
from fer_core.settings import load_settings

NAME_PATTERN = re.compile(r"[a-z0-9-]{1,40}")
PREFERRED = ("studio", "compact", "seed")
"""The first of these that exists serves where nobody chose."""

Origin = Literal["shipped", "promoted", "run", "folder"]
_log = logging.getLogger(__name__)


def shipped_dir() -> Path:
    """Folder of the shipped models: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parents[1]
    packed = package / "shipped_models"
    return packed if packed.is_dir() else package.parent / "models"


def promoted_dir() -> Path:
    """Folder of the promoted models, below FER_HOME."""
    return load_settings().home / "models"


def run_model_dir(run_id: str) -> Path:
    """Where a run's finished model is.

    Raises:
        ModelError: ``run_id`` is not the name of a folder.
    """
    if run_id != Path(run_id).name or run_id in {"", ".", ".."}:
        raise ModelError(f"expected a run's id, received {run_id!r}. `fer-studio runs list` shows them.")
    return load_settings().home / "runs" / run_id / "model"


def list_models() -> list[Model]:
    """List the models that can serve: promoted ones by name, then the shipped ones that no promoted one hides.

    A folder that cannot be read is left out, with a warning in the log.
    """
    found: dict[str, Model] = {}
    for origin, folder in _shelves():
        for path in _model_folders(folder):
            if path.name in found:
                continue
            try:
                found[path.name] = read_model(path, path.name, origin)
            except ModelError as error:
                _log.warning("left out a model: %s", error)
    return list(found.values())


def find_model(name: str) -> Model | None:
    """Load the promoted or else the shipped model of this name; None where there is none.

    Raises:
        ModelError: its folder is there and cannot be read.
    """
    if not NAME_PATTERN.fullmatch(name):
        return None
    for origin, folder in _shelves():
        if (folder / name / INFO_FILE).is_file():
            return read_model(folder / name, name, origin)
    return None


def load_model(ref: str | Path | None = None) -> Model:
    """Load a model's description.

    Args:
        ref: the name of a promoted or shipped model, a run's id, or a folder; None for the serving model.

    Raises:
        ModelError: there is no such model, or it cannot be read.
    """
    if ref is None:
        from fer_core.model.serving import serving_model

        return serving_model()
    if isinstance(ref, str):
        named = find_model(ref) or _find_run(ref)
        if named:
            return named
    path = Path(ref).expanduser()
    if path.is_dir() and str(ref):
        return _read_folder(path.absolute())
    raise ModelError(
        f"expected the name of a model, a run's id or a model's folder, received {str(ref)!r}. {_nearest(str(ref))}"
    )


def read_model(path: Path, name: str | None, origin: Origin) -> Model:
    """Load a model's folder; the network itself is only looked at, not loaded.

    Raises:
        ModelError: model.json or model.tflite is missing or cannot be used.
    """
    info = read_info(path)
    network = path / TFLITE_FILE
    try:
        with network.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise ModelError(f"{network}: expected a network, received none ({error.strerror}). {REMEDY}") from None
    if head[4:] != b"TFL3":
        raise ModelError(f"{network}: expected a TensorFlow Lite file, received something else. {REMEDY}")
    return Model(name=name or info.name, path=path, info=info, origin=origin)


def _shelves() -> tuple[tuple[Origin, Path], ...]:
    return ("promoted", promoted_dir()), ("shipped", shipped_dir())


def _model_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    paths = [path for path in folder.iterdir() if NAME_PATTERN.fullmatch(path.name) and path.is_dir()]
    rank = {name: place for place, name in enumerate(PREFERRED)}
    return sorted(paths, key=lambda path: (rank.get(path.name, len(rank)), path.name))


def _find_run(run_id: str) -> Model | None:
    if run_id != Path(run_id).name or run_id in {"", ".", ".."}:
        return None
    run = load_settings().home / "runs" / run_id
    if not run.is_dir():
        return None
    if not (run / "model" / INFO_FILE).is_file():
        raise ModelError(f"expected a run with a model, received {run_id}, which has none yet. Wait for its end, or resume it.")
    return read_model(run / "model", run_id, "run")


def _read_folder(path: Path) -> Model:
    home, shipped = load_settings().home, shipped_dir()
    if path.parent == shipped:
        return read_model(path, path.name, "shipped")
    if path.parent == home / "models":
        return read_model(path, path.name, "promoted")
    if path.name == "model" and path.parents[1] == home / "runs":
        return read_model(path, path.parent.name, "run")
    return read_model(path, None, "folder")


def _nearest(ref: str) -> str:
    names = [model.name for model in list_models()]
    runs = load_settings().home / "runs"
    names += sorted(path.parent.parent.name for path in runs.glob(f"*/model/{INFO_FILE}")) if runs.is_dir() else []
    if not names:
        return "There is no model yet: train one and promote it (fer-studio train, fer-studio models promote)."
    near = difflib.get_close_matches(ref, names, n=3, cutoff=0.4) or names[:8]
    return f"Nearest: {', '.join(near)}. `fer-studio models list` shows all that can serve."
