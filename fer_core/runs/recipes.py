"""Recipes: named training configurations. Each states only what differs from the default."""

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from fer_core.errors import RunError

AUGMENTATIONS = ("flip", "affine", "brightness", "erase")
"""Mirror; turn, zoom and shift; gain and offset; a gray rectangle. All at random, for training images only."""
LEAVE_OUT = ("copies", "blank", "no_face")
"""Training rows that copy a validation or test image; images of one gray; images whose voters all saw no face."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what a training does, besides the data.

    Attributes:
        network: a name known to ``fer_core.training``.
        optimizer: ``adam`` or ``sgd`` (with Nesterov momentum).
        learning_rate: the highest one; ``cosine`` lowers it to 0 over all epochs.
        weight_decay: as in SGD with an L2 term; 0 is off.
        warmup_epochs: epochs in which the rate rises from 0 before ``cosine`` lowers it.
        augment: names of ``AUGMENTATIONS``.
        mixup: the parameter of the Beta distribution by which each image and its target are mixed with another's of its batch
            (Zhang et al. 2018, arXiv:1710.09412); 0 mixes none.
        average_decay: of the exponential average of the weights a step; 0 keeps none. With it, the averaged
            weights are validated and kept.
        crowd_weight: of the loss of a second head that learns FER+'s votes; 0 builds no such head.
        leave_out: names of ``LEAVE_OUT``: rules by which training rows are left out.
        start: a model (folder, name or run's id) whose weights the network starts from, layer by layer from the image on as
            far as shapes agree; of several, with commas between, the mean of their weights ("model soups", Wortsman et al.
            2022, arXiv:2203.05482); empty starts at random.
        teachers: models (likewise) whose averaged predictions make up ``teacher_weight`` of the targets.
        statistics: of batch normalisation, in what is exported: ``running`` as they were averaged in training, ``plain``
            measured anew on training images as they are, without augmentation ("precise" ones, Wu and Johnson 2021,
            arXiv:2105.07576).
        selected_on: ``none`` keeps the last epoch's weights, ``validation`` those of the best accuracy there.
    """

    name: str
    summary: str
    network: str
    epochs: int = 50
    batch_size: int = 64
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    momentum: float = 0.9
    weight_decay: float = 0.0
    warmup_epochs: int = 0
    schedule: str = "constant"
    dropout: float = 0.2
    label_smoothing: float = 0.0
    augment: tuple[str, ...] = ()
    mixup: float = 0.0
    average_decay: float = 0.0
    crowd_weight: float = 0.0
    leave_out: tuple[str, ...] = ()
    start: str = ""
    teachers: tuple[str, ...] = ()
    teacher_weight: float = 0.5
    statistics: str = "running"
    selected_on: str = "none"
    seed: int = 0

    @property
    def heads(self) -> tuple[str, ...]:
        """What the network answers: ``label``, and ``crowd`` where it learns from votes."""
        return ("label", "crowd") if self.crowd_weight else ("label",)

    @property
    def starts(self) -> tuple[str, ...]:
        """The models of ``start``."""
        return tuple(name.strip() for name in self.start.split(",") if name.strip())

    @property
    def needs_votes(self) -> bool:
        """Whether FER+'s votes must be given."""
        return bool(self.crowd_weight) or "no_face" in self.leave_out

    def to_json(self) -> dict[str, Any]:
        """Give all settings, as they are saved with a run and a model."""
        return asdict(self) | {key: list(getattr(self, key)) for key in _LISTS}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Recipe":
        """Build from what ``to_json`` gave; settings of another time that are none any more are left out."""
        known = {key: value[key] for key in cls.__dataclass_fields__ if key in value}
        return cls(**{**known, **{key: tuple(value.get(key, ())) for key in _LISTS}})


_LISTS = ("augment", "leave_out", "teachers")


SEED = Recipe(
    name="seed",
    summary="The university report's network, as written: three convolutions, one wide dense layer, Adam, no augmentation.",
    network="seed",
)

COMPACT = Recipe(
    name="compact",
    summary="A small VGG with augmentation, label smoothing and averaged weights, chosen on validation.",
    network="vgg",
    epochs=16,
    batch_size=128,
    optimizer="sgd",
    learning_rate=0.1,
    weight_decay=5e-4,
    warmup_epochs=1,
    schedule="cosine",
    dropout=0.3,
    label_smoothing=0.1,
    augment=AUGMENTATIONS,
    average_decay=0.999,
    selected_on="validation",
)

STUDIO = replace(
    COMPACT,
    name="studio",
    summary="The most accurate one: one head for the label, one for FER+'s votes, trained on rows that are in no other split.",
    network="studio",
    epochs=40,
    warmup_epochs=2,
    dropout=0.2,
    crowd_weight=0.5,
    leave_out=LEAVE_OUT,
    statistics="plain",
)

QUICK = replace(
    COMPACT,
    name="quick",
    summary="A first result in minutes; the search for label errors trains it several times.",
    network="quick",
    epochs=10,
    dropout=0.1,
    label_smoothing=0.0,
    augment=("flip", "affine"),
    average_decay=0.99,
    selected_on="none",
)

RECIPES = {recipe.name: recipe for recipe in (SEED, COMPACT, STUDIO, QUICK)}

_CHOICES = {
    "network": ("seed", "vgg", "studio", "wide", "quick"),
    "optimizer": ("adam", "sgd"),
    "schedule": ("constant", "cosine"),
    "statistics": ("running", "plain"),
    "selected_on": ("none", "validation"),
}
_RANGES: dict[str, tuple[float, float]] = {
    "epochs": (1, 10_000),
    "batch_size": (1, 4096),
    "learning_rate": (1e-7, 10),
    "momentum": (0, 0.9999),
    "weight_decay": (0, 1),
    "warmup_epochs": (0, 1000),
    "dropout": (0, 0.95),
    "label_smoothing": (0, 0.9),
    "mixup": (0, 2),
    "average_decay": (0, 0.99999),
    "crowd_weight": (0, 10),
    "teacher_weight": (0, 1),
    "seed": (0, 2**31 - 1),
}


def find_recipe(name: str) -> Recipe:
    """Look a recipe up.

    Raises:
        RunError: there is none of that name; the message gives the nearest.
    """
    if name not in RECIPES:
        raise RunError(f"expected a recipe of {', '.join(RECIPES)}, received {name!r}.{_nearest(name, RECIPES)}")
    return RECIPES[name]


def with_settings(recipe: Recipe, settings: Mapping[str, Any]) -> Recipe:
    """Change settings of a recipe, each checked; text is converted (``augment`` takes names with commas, or none).

    Raises:
        RunError: an unknown key, or a value of the wrong kind or outside its range.
    """
    return replace(recipe, **{key: _convert(key, value) for key, value in settings.items()})


def changed_settings(recipe: Recipe) -> dict[str, Any]:
    """Give the settings in which ``recipe`` differs from the shipped one of its name (all, where there is none)."""
    default = RECIPES.get(recipe.name)
    return {key: value for key, value in recipe.to_json().items() if default is None or default.to_json()[key] != value}


def _convert(key: str, value: Any) -> Any:
    if key in _LISTS:
        return _convert_list(key, value)
    if key == "start":
        return "" if value in (None, "none") else str(value)
    if key in _CHOICES:
        if value not in _CHOICES[key]:
            raise RunError(f"{key}: expected one of {', '.join(_CHOICES[key])}, received {value!r}.")
        return value
    if key not in _RANGES:
        known = [*_RANGES, *_CHOICES, *_LISTS, "start"]
        raise RunError(f"expected a setting of {', '.join(sorted(known))}, received {key!r}.{_nearest(key, known)}")
    kind = type(getattr(SEED, key))
    low, high = _RANGES[key]
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not low <= number <= high or (kind is int and number != int(number)):
        raise RunError(
            f"{key}: expected {'a whole number' if kind is int else 'a number'} {low:g} to {high:g}, received {value!r}."
        )
    return kind(number)


def _convert_list(key: str, value: Any) -> tuple[str, ...]:
    names = [part.strip() for part in value.split(",")] if isinstance(value, str) else list(value)
    names = [name for name in names if name and name != "none"]
    known = {"augment": AUGMENTATIONS, "leave_out": LEAVE_OUT}.get(key)
    if known is None:
        return tuple(names)
    for name in names:
        if name not in known:
            raise RunError(f"{key}: expected names of {', '.join(known)}, or none; received {name!r}.{_nearest(name, known)}")
    return tuple(name for name in known if name in names)


def _nearest(word: str, known: Any) -> str:
    close = difflib.get_close_matches(word, list(known), n=2, cutoff=0.5)
    return f" Did you mean {' or '.join(close)}?" if close else ""
