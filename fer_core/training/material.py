"""What a run trains on: the training rows that its terms leave, their targets, and what it is validated with."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fer_core.dataset import Dataset, Split, Votes, find_left_out, find_majority, load_dataset, read_votes
from fer_core.errors import RunError
from fer_core.runs import Recipe
from fer_core.training.targets import Targets, build_targets


@dataclass(frozen=True, eq=False)
class Material:
    """Everything that training reads, in memory.

    Attributes:
        dataset: whole.
        train: the split train less what is left out.
        left_out: rows left out under each rule; a row may be under several.
        targets: of ``train``.
        votes: on the dataset's rows, if any.
    """

    dataset: Dataset
    train: Split
    left_out: dict[str, int]
    targets: Targets
    votes: Votes | None

    @property
    def validation(self) -> Split:
        """The split that epochs are judged by."""
        return self.dataset.split("validation")

    def majority(self, split: Split) -> np.ndarray:
        """Give what most voters saw on a split's rows: (n,) int64 in 0..6, -1 where nothing or where there are no votes."""
        if self.votes is None:
            return np.full(len(split), -1, np.int64)
        return find_majority(self.votes.of(split.rows))

    def describe(self) -> dict[str, object]:
        """Give what decides the material, for run.json, the checkpoint and model.json."""
        return {
            "data_digest": self.dataset.digest,
            "votes_digest": self.votes.digest if self.votes else "",
            "left_out": self.left_out,
            "rows_left_out": len(self.dataset.split("train")) - len(self.train),
        }


def prepare_material(recipe: Recipe, dataset: Dataset, votes: Votes | None, exclusion: str | None) -> Material:
    """Apply a recipe's terms to a dataset.

    Raises:
        DatasetError: a split or votes are missing, or the exclusion list cannot be used.
    """
    left_out = find_left_out(dataset, recipe.leave_out, votes, exclusion)
    train = dataset.split("train")
    if left_out:
        train = train.without(np.concatenate(list(left_out.values())))
    counts = {rule: len(rows) for rule, rows in left_out.items()}
    return Material(dataset, train, counts, build_targets(train, recipe, votes), votes)


def read_material(document: dict[str, Any]) -> tuple[Recipe, Material]:
    """Read what a run.json asks for.

    Raises:
        DatasetError: the data cannot be read, or lacks what the recipe needs.
        RunError: it is not the dataset that the run began with.
    """
    recipe = Recipe.from_json(document["recipe"])
    dataset = load_dataset(document["data"], skip_bad_rows=document["skip_bad_rows"])
    for split in ("train", "validation"):
        dataset.split(split)
    if document["data_digest"] not in ("", dataset.digest):
        raise RunError(
            f"{document['data']}: expected the dataset that this run began with ({document['data_digest'][:12]}), received "
            f"another one ({dataset.digest[:12]}). Put the old one back, or start a new run."
        )
    votes = read_votes(document["votes"], dataset) if recipe.needs_votes else None
    return recipe, prepare_material(recipe, dataset, votes, document.get("exclude"))
