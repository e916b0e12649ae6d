"""Fits the network that judges how a face is framed: `FER2013_CSV=… FERPLUS_CSV=… python -m benchmarks.fit_no_face`.

Learned from FER2013's training rows and the share of FER+'s voters who saw no face; the threshold is the one that flags
3 % of them. Prints what it finds of the rows in which no voter saw a face: of training by cross-validation, and of the rest.
"""

import json
from typing import Any

import numpy as np
from sklearn.model_selection import KFold
from sklearn.neural_network import MLPRegressor

from fer_core.audit import no_face
from fer_core.audit.rows import whole
from fer_core.dataset import Dataset, Votes, find_no_face, find_source, find_votes, load_dataset, read_votes
from fer_core.dataset.votes import NO_FACE

HIDDEN = 12
FLAGGED = 0.03


def main() -> None:
    """Fit, print, and write framing.json."""
    dataset = load_dataset(find_source(None))
    votes = read_votes(str(find_votes(None)), dataset)
    everything = whole(dataset)
    features = no_face.measure_framing(everything.images)
    print(json.dumps(fit(dataset, votes, everything.rows, features), indent=2))


def fit(dataset: Dataset, votes: Votes, rows: np.ndarray, features: np.ndarray) -> dict[str, Any]:
    """Fit on training rows, write the network, and judge it on all rows in which no voter saw a face."""
    counts = votes.of(rows)
    share = counts[:, NO_FACE] / np.maximum(counts.sum(axis=1), 1)
    train = np.isin(rows, dataset.splits["train"].rows)
    held_out = np.empty(int(train.sum()))
    for known, asked in KFold(5, shuffle=True, random_state=0).split(held_out):
        held_out[asked] = _logits(_train(features[train][known], share[train][known]), features[train][asked])
    network = _train(features[train], share[train])
    everywhere = _logits(network, features)
    threshold = float(np.quantile(held_out, 1 - FLAGGED))
    network["output"] = {
        "weights": [-weight for weight in network["output"]["weights"]],
        "bias": threshold - network["output"]["bias"],
    }
    nobody = find_no_face(counts)
    figures = {
        "recall_train_cross_validated": float((held_out > threshold)[nobody[train]].mean()),
        "recall_other_splits": float((everywhere > threshold)[nobody & ~train].mean()),
        "n_train": int(nobody[train].sum()),
        "n_other_splits": int((nobody & ~train).sum()),
        "flagged_other_splits": float((everywhere > threshold)[~train].mean()),
        "flagged_at_recall_0.9_cross_validated": float((held_out > np.quantile(held_out[nobody[train]], 0.1)).mean()),
    }
    record = {"data_digest": dataset.digest, "votes_digest": votes.digest, "rows": int(train.sum()), "figures": figures}
    no_face.FRAMING_FILE.write_text(json.dumps({**network, "record": record}) + "\n", encoding="utf-8")
    return figures


def _train(features: np.ndarray, share: np.ndarray) -> dict[str, Any]:
    """Fit one hidden layer to the share of no-face votes, rare ones weighing as much as the rest together."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scaled = np.clip((features - mean) / scale, -8, 8)
    again = np.repeat(np.arange(len(share)), np.rint(1 + 9 * share).astype(int))
    model = MLPRegressor(
        hidden_layer_sizes=(HIDDEN,), activation="tanh", alpha=1e-3, max_iter=300, early_stopping=True, random_state=0
    )
    model.fit(scaled[again], share[again])
    (hidden, output), (hidden_bias, output_bias) = model.coefs_, model.intercepts_
    return {
        "mean": mean.tolist(),
        "scale": scale.tolist(),
        "hidden": {"weights": np.round(hidden, 4).tolist(), "bias": np.round(hidden_bias, 4).tolist()},
        "output": {"weights": (10 * output[:, 0]).tolist(), "bias": float(10 * output_bias[0])},
    }


def _logits(network: dict[str, Any], features: np.ndarray) -> np.ndarray:
    scaled = np.clip((features - network["mean"]) / network["scale"], -8, 8)
    hidden = np.tanh(scaled @ np.array(network["hidden"]["weights"]) + network["hidden"]["bias"])
    logits: np.ndarray = hidden @ np.array(network["output"]["weights"]) + network["output"]["bias"]
    return logits


if __name__ == "__main__":
    main()
