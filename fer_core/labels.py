"""The one place where the seven emotions, their colours and the three splits are named."""

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""Names of labels 0..6, in FER2013's order."""

EMOTION_COLOURS = {
    "angry": "#D55E00",
    "disgust": "#009E73",
    "fear": "#CC79A7",
    "happy": "#E69F00",
    "sad": "#0072B2",
    "surprise": "#56B4E9",
    "neutral": "#8C8C8C",
}
"""Okabe and Ito's colours, told apart by the colour-blind; RGB hex."""

IMAGE_SIZE = 48
"""Side of a face image in pixels."""

SPLITS = ("train", "validation", "test")
"""FER2013's Training, PublicTest and PrivateTest."""

USAGES = {"Training": "train", "PublicTest": "validation", "PrivateTest": "test"}
"""FER2013's names of the splits to ours."""

FER2013_SPLIT_COUNTS = {"train": 28709, "validation": 3589, "test": 3589}
"""Published rows of each split."""

FER2013_COUNTS = {"angry": 4953, "disgust": 547, "fear": 5121, "happy": 8989, "sad": 6077, "surprise": 4002, "neutral": 6198}
"""Published images of each emotion, all splits together."""
