"""What model.json says about a model, and a model's folder."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from fer_core.errors import ModelError
from fer_core.files import write_json
from fer_core.labels import EMOTIONS, IMAGE_SIZE

INFO_FILE = "model.json"
TFLITE_FILE = "model.tflite"
BROWSER_FILE = "model.browser.tflite"
"""The same network for one face at a time, its weights in eight bits: what a browser downloads and runs."""

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def _network_input() -> dict[str, Any]:
    return {"shape": [IMAGE_SIZE, IMAGE_SIZE, 1], "dtype": "uint8"}


@dataclass(frozen=True, kw_only=True)
class ModelInfo:
    """All that is known of a model besides its weights: the content of model.json."""

    name: Annotated[str, Field(min_length=1)]
    network: str
    recipe: str
    """Name of the recipe it was trained with."""
    settings: dict[str, Any]
    """The full recipe, defaults included."""
    parameters: Count
    data: dict[str, Any]
    """``{"name", "digest", "splits": {split: {"n", "digest"}}}`` of the dataset trained on; also ``votes_digest``, ``left_out``
    (rows by rule), and ``models``: ``{"given", "run_id", "digest"}`` of those that gave first weights or taught."""
    selected_on: Literal["none", "train", "validation", "test"]
    """The split that chose the epoch, or this run among several."""
    epoch: Count
    """Whose weights these are, counted from 1."""
    run_id: str
    created: str
    """ISO 8601, UTC."""
    seconds: Seconds
    """Training time."""
    machine: str
    backend: str
    versions: dict[str, str]
    labels: tuple[str, ...] = EMOTIONS
    input: dict[str, Any] = field(default_factory=_network_input)
    rows_left_out: Count = 0
    heads: list[Literal["label", "crowd"]] = field(default_factory=lambda: ["label"])
    live_head: Literal["label", "crowd"] = "label"
    temperature: dict[str, Positive] = field(default_factory=lambda: {"label": 1.0})
    """By head; logits are divided by it."""
    threshold: Share = 0.5
    """A confidence below it is called unsure; chosen on validation at export."""
    metrics: dict[str, dict[str, Any]] = field(default_factory=dict)
    """``{split: {"n", "accuracy", "log_loss"}}``."""
    test_evaluations: list[dict[str, Any]] = field(default_factory=list)
    """The test ledger's lines of this recipe that were known when the model was shipped."""

    def to_json(self) -> dict[str, Any]:
        """Give the content of model.json."""
        return asdict(self) | {"labels": list(self.labels)}

    @classmethod
    def from_json(cls, value: Any, *, source: str | Path = INFO_FILE) -> "ModelInfo":
        """Build from the content of model.json; keys that are not known are left out.

        Args:
            value: what ``json.loads`` gave.
            source: named in the error.

        Raises:
            ModelError: not an object, a key is missing, or a value cannot be used.
        """
        if not isinstance(value, Mapping):
            raise ModelError(f"{source}: expected a JSON object, received {type(value).__name__}. {REMEDY}")
        names = [item.name for item in fields(cls)]
        missing = [name for name in names if name not in value]
        if missing:
            raise ModelError(f"{source}: expected the keys {', '.join(missing)}, received an object without. {REMEDY}")
        try:
            info = _adapter().validate_python({name: value[name] for name in names})
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise ModelError(f"{source}: {place}: {first['msg']}; received {_short(first['input'])}. {REMEDY}") from None
        _check_use(info, source)
        return info


REMEDY = "Export the model again (fer-studio train), or copy its folder anew."


@dataclass(frozen=True)
class Model:
    """A model on disk: a folder with model.json and model.tflite."""

    name: str
    path: Path
    info: ModelInfo
    origin: Literal["shipped", "promoted", "run", "folder"]

    @property
    def tflite_path(self) -> Path:
        """Where the network is."""
        return self.path / TFLITE_FILE

    @property
    def browser_path(self) -> Path:
        """Where the network for browsers is; models of earlier versions have none."""
        return self.path / BROWSER_FILE

    @property
    def digest(self) -> str:
        """SHA-256 of model.tflite, hex.

        Raises:
            ModelError: the file is gone.
        """
        try:
            status = self.tflite_path.stat()
            return _digest(self.tflite_path, status.st_mtime_ns, status.st_size)
        except OSError as error:
            raise ModelError(f"{self.tflite_path}: cannot be read ({error.strerror}). {REMEDY}") from None


def read_info(folder: Path) -> ModelInfo:
    """Read a model folder's model.json.

    Raises:
        ModelError: it is missing or cannot be used.
    """
    path = folder / INFO_FILE
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: expected a model's description, received none ({error.strerror}). {REMEDY}") from None
    except ValueError as error:
        raise ModelError(f"{path}: expected JSON in UTF-8, received something else ({error}). {REMEDY}") from None
    return ModelInfo.from_json(value, source=path)


def write_info(folder: Path, info: ModelInfo) -> None:
    """Write model.json into ``folder``, atomically.

    Raises:
        ModelError: ``info`` holds what ``read_info`` would refuse.
    """
    value = json.loads(json.dumps(info.to_json()))
    ModelInfo.from_json(value)
    write_json(folder / INFO_FILE, value)


def _check_use(info: ModelInfo, source: str | Path) -> None:
    expected = {"labels": EMOTIONS, "input": _network_input()}
    for name, value in expected.items():
        if getattr(info, name) != value:
            raise ModelError(f"{source}: {name}: expected {value}, received {_short(getattr(info, name))}. {REMEDY}")
    if info.live_head not in info.heads:
        raise ModelError(f"{source}: live_head: expected one of {info.heads}, received {info.live_head}. {REMEDY}")
    unknown = [head for head in info.heads if head not in info.temperature]
    if unknown:
        raise ModelError(f"{source}: temperature: expected one for each of {info.heads}, received none for {unknown}. {REMEDY}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[ModelInfo]:
    return TypeAdapter(ModelInfo)


@lru_cache(maxsize=64)
def _digest(path: Path, modified_ns: int, size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
