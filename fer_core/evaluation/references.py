"""Figures of others on FER2013, each with its source and what is known to be wrong with it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """One published or measured accuracy.

    Attributes:
        name: what was evaluated.
        accuracy: 0..1.
        split: FER2013's name of the split it was really measured on.
        source: who says so.
        fault: what limits the comparison; empty where nothing is known.
        claimed: 0..1, where the figure first given was another.
        margin: half-width around ``accuracy``, where one was given.
        reproduced: False where others tried to reach ``accuracy`` and did not.
    """

    name: str
    accuracy: float
    split: str
    source: str
    fault: str = ""
    claimed: float | None = None
    margin: float | None = None
    reproduced: bool = True


REFERENCES = (
    Reference(
        "Notebook project (network of seed)",
        0.508,
        "PrivateTest",
        "measured by this project",
        "98.19 % was claimed: its loader gave the training set for every split; its loss took softmax outputs for logits",
        claimed=0.9819,
    ),
    Reference("deepface", 0.574, "PrivateTest", "its author's figure", "given without an interval; not measured here"),
    Reference(
        "People",
        0.65,
        "not stated",
        "Goodfellow et al. 2013, arXiv:1307.0414",
        "the labels themselves agree with a crowd's majority for only 65 % of images",
        margin=0.05,
    ),
    Reference(
        "fer 25.10.3 (mini-Xception)",
        0.6587,
        "PrivateTest",
        "measured by this project",
    ),
    Reference(
        "2013 challenge winner",
        0.7116,
        "PrivateTest",
        "Goodfellow et al. 2013, arXiv:1307.0414",
        "the highest of many entries to one contest",
    ),
    Reference(
        "VGG, Khaireddin & Chen 2021",
        0.7328,
        "PublicTest",
        "arXiv:2105.03588",
        "reported as PrivateTest: its loader swaps the two splits; ten crops an image",
    ),
    Reference(
        "ResMaskingNet, Pham et al. 2020",
        0.7414,
        "PrivateTest",
        "the authors' repository; 142.9 M parameters",
        "averages several views of an image; reproductions give 65.6 to 73.6 %",
        reproduced=False,
    ),
    Reference(
        "ResEmoteNet, Roy et al. 2024",
        0.7979,
        "PrivateTest",
        "arXiv:2409.10545",
        "claimed and not reproduced: users get 60 to 71.6 %",
        reproduced=False,
    ),
)
"""From the lowest to the highest."""
