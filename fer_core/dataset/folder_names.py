"""What people call the splits and the emotions when they name folders and files."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import NamedTuple

from fer_core.labels import EMOTIONS, SPLITS, USAGES

_SPLIT_NAMES = {
    "train": ("train", "training"),
    "validation": ("validation", "val", "valid", "publictest"),
    "test": ("test", "testing", "privatetest"),
}
_EMOTION_NAMES = {
    "angry": ("angry", "anger", "0"),
    "disgust": ("disgust", "disgusted", "1"),
    "fear": ("fear", "fearful", "afraid", "2"),
    "happy": ("happy", "happiness", "3"),
    "sad": ("sad", "sadness", "4"),
    "surprise": ("surprise", "surprised", "5"),
    "neutral": ("neutral", "neutrality", "6"),
}
SPLIT_FOLDERS = {name: SPLITS.index(split) for split, names in _SPLIT_NAMES.items() for name in names}
"""Accepted spelling (see ``plain``) to index into SPLITS."""
EMOTION_FOLDERS = {name: EMOTIONS.index(emotion) for emotion, names in _EMOTION_NAMES.items() for name in names}
"""Accepted spelling (see ``plain``) to label."""
_NOT_OURS = {"__macosx", "thumbs.db", "desktop.ini"}
_PREFIXES = {f"{usage.lower()}_": SPLITS.index(split) for usage, split in USAGES.items()}


def plain(name: str) -> str:
    """Lower-case a name and leave out spaces, hyphens and underscores."""
    return name.strip().lower().replace("_", "").replace("-", "").replace(" ", "")


def is_hidden(path: str) -> bool:
    """Whether a file is none of the dataset's, but the operating system's or an archiver's."""
    return any(part[:1] == "." or part.lower() in _NOT_OURS for part in path.split("/"))


class Place(NamedTuple):
    """What a picture's path says: index into SPLITS, label, and whether its name overrules its folder's split."""

    split: int
    label: int
    overruled: bool


def read_path(path: str) -> Place:
    """Tell split and label from ``split/emotion/file``; a file name like ``PublicTest_7.jpg`` decides the split.

    Raises:
        ValueError: what was expected and what received, without place and remedy.
    """
    parts = PurePosixPath(path).parts
    split = _look_up(parts[0], SPLIT_FOLDERS, SPLITS, "a split's folder")
    if len(parts) == 2:
        raise ValueError("expected pictures inside an emotion's folder, received a file beside these folders")
    label = _look_up(parts[1], EMOTION_FOLDERS, EMOTIONS, "an emotion's folder")
    if len(parts) > 3:
        raise ValueError(f"expected pictures in {parts[0]}/{parts[1]}, received the folder {parts[2]!r}")
    name = parts[2].lower()
    named = next((index for prefix, index in _PREFIXES.items() if name.startswith(prefix)), split)
    return Place(named, label, named != split)


def find_root(paths: list[str]) -> str | None:
    """Find the folder that holds train, validation and test: "" for the top itself, "x/" for a folder in it.

    Args:
        paths: POSIX paths of files, relative to the source.

    Returns:
        What the pictures' paths begin with; None where no folder, or more than one, has splits.
    """
    return _find_above(paths, SPLIT_FOLDERS)


def find_emotion_root(paths: list[str]) -> str | None:
    """Find the folder that holds the emotions' folders with no splits above them, as ``find_root`` finds the splits'."""
    return _find_above(paths, EMOTION_FOLDERS)


def read_emotion_path(path: str) -> int:
    """Tell the label from ``emotion/file``.

    Raises:
        ValueError: what was expected and what received, without place and remedy.
    """
    parts = PurePosixPath(path).parts
    label = _look_up(parts[0], EMOTION_FOLDERS, EMOTIONS, "an emotion's folder")
    if len(parts) > 2:
        raise ValueError(f"expected pictures in {parts[0]}, received the folder {parts[1]!r}")
    return label


def describe_top(paths: list[str], known: Mapping[str, int] = SPLIT_FOLDERS, names: tuple[str, ...] = SPLITS) -> str:
    """Say what lies where the folders of splits, or others that are ``known``, were expected."""
    folders = sorted({path.split("/", 1)[0] for path in paths if "/" in path})
    if not folders:
        return f"{len(paths)} files and no folder"
    more = f" and {len(folders) - 1} more" if len(folders) > 1 else ""
    return _nearest(folders[0], known, names) + more


def _find_above(paths: list[str], known: Mapping[str, int]) -> str | None:
    folders = {path.split("/", 1)[0] for path in paths if "/" in path}
    if any(plain(folder) in known for folder in folders):
        return ""
    inner = {tuple(path.split("/", 2)[:2]) for path in paths if path.count("/") > 1}
    roots = {folder for folder, below in inner if plain(below) in known}
    return f"{roots.pop()}/" if len(roots) == 1 else None


def _look_up(folder: str, known: Mapping[str, int], names: tuple[str, ...], what: str) -> int:
    if plain(folder) in known:
        return known[plain(folder)]
    raise ValueError(f"expected {what} ({', '.join(names)}), received {_nearest(folder, known, names)}")


def _nearest(folder: str, known: Mapping[str, int], names: tuple[str, ...]) -> str:
    close = get_close_matches(plain(folder), known, n=1, cutoff=0.5)
    return f"the folder {folder!r}" + (f" (the nearest name is {names[known[close[0]]]!r})" if close else "")
