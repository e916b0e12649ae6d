"""Inputs whose choice the link carries; a link that asks for what is not there gets a sentence and the default."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

import streamlit as st
from streamlit.errors import StreamlitAPIException

from fer_core.dataset import Dataset
from fer_core.errors import DatasetError, FerError
from fer_core.labels import EMOTIONS
from fer_core.model import Model, load_model, serving_name
from fer_core.ui import load
from fer_core.ui.frame import enter_app
from fer_core.ui.sources import DataSource, list_sources

ALL = "all"
_REMEMBERED = "remembered_choices"
_WANTED = "wanted_choices"
_SHOWN = "gallery_of"
Look = Literal["select", "buttons"]


def choice(
    key: str,
    label: str,
    options: Sequence[str],
    *,
    default: str | None = None,
    look: Look = "select",
    help: str | None = None,
) -> str:
    """Choose one of several words, bound to the link and remembered across pages.

    Args:
        key: the parameter's name in the link.
        label: what is chosen.
        options: as shown and as in the link; at least one.
        default: what a link without the parameter means; the first where None.
        look: a list that opens, or buttons side by side.
        help: more about it, on demand.
    """
    enter_app()
    words = list(options)
    at = words.index(default) if default in words else 0
    _settle(key, label, words)
    chosen: str | None
    if look == "buttons":
        chosen = st.segmented_control(label, words, default=words[at], required=True, key=key, help=help, bind="query-params")
    else:
        chosen = st.selectbox(label, words, index=at, key=key, help=help, bind="query-params")
    chosen = chosen or words[at]
    st.session_state.setdefault(_REMEMBERED, {})[key] = chosen
    return chosen


def source() -> DataSource:
    """Choose a dataset among the sample, the configured one, uploads and opened server paths."""
    sources = {source.id: source for source in list_sources()}
    return sources[choice("data", "Dataset", list(sources))]


def current_source() -> DataSource:
    """Tell which dataset was chosen on another page; the default one where none was."""
    sources = list_sources()
    return next((source for source in sources if source.id == _remembered("data")), sources[0])


def dataset() -> Dataset:
    """Choose a dataset and load it.

    Raises:
        DatasetError: it cannot be read.
    """
    return load.dataset(source())


def model(label: str = "Model") -> Model:
    """Choose among the promoted and shipped models and the runs' own; the serving one is the default.

    Raises:
        ModelError: there is no model, or the chosen one cannot be read.
    """
    enter_app()
    serving = serving_name()
    names = [model.name for model in load.models()]
    wanted = st.query_params.get("model") or _remembered("model")
    if wanted and wanted not in names and _is_run_with_model(wanted):
        names.append(wanted)
    if not names:
        return load.model()
    return load.model(choice("model", label, names, default=serving))


def split(data: Dataset, default: str = "test", *, everything: bool = False) -> str:
    """Choose one of a dataset's splits; "all" too where ``everything`` is given."""
    options = ([ALL] if everything else []) + list(data.splits)
    return choice("split", "Split", options, default=default, look="buttons")


def against(data: Dataset) -> str:
    """Choose what a model is held against: "label", or "crowd" where there are votes on the dataset."""
    if load.votes(data) is None:
        return "label"
    help = "label: the dataset's own labels, as all published figures. crowd: what most of FER+'s ten voters saw in each image."
    return choice("against", "Held against", ["label", "crowd"], look="buttons", help=help)


def emotion() -> str:
    """Choose an emotion, or "all"."""
    return choice("emotion", "Emotion", [ALL, *EMOTIONS], look="buttons")


def page(pages: int) -> int:
    """Choose one of the pages 1..pages of a gallery; there is nothing to choose where there is one."""
    enter_app()
    wanted = st.query_params.get("page")
    fresh = "page" not in st.session_state
    if wanted is not None and fresh and not (_is_number(wanted) and 1 <= int(wanted) <= pages):
        there = f"there are pages 1 to {pages}" if pages > 1 else "there is one page"
        st.warning(f"The link asks for page {_short(wanted)}; {there}. This is page 1.")
    if pages > 1:
        return st.pagination(pages, key="page", bind="query-params")
    with suppress(KeyError, StreamlitAPIException):
        del st.query_params["page"]
    return 1


def begin_anew(shown: tuple[str, ...]) -> None:
    """Go back to a gallery's page 1 when it shows something else; a fresh link keeps its page."""
    if st.session_state.get(_SHOWN, shown) != shown and "page" in st.session_state:
        st.session_state["page"] = 1
    st.session_state[_SHOWN] = shown


def row(data: Dataset) -> int | None:
    """Read which row the link opens; None where it opens none."""
    wanted = st.query_params.get("row")
    if wanted is None:
        return None
    if _is_number(wanted):
        with suppress(DatasetError):
            data.label(int(wanted))
            return int(wanted)
    st.warning(f"The link asks for row {_short(wanted)}, which {data.name} does not have. Choose one in the gallery.")
    del st.query_params["row"]
    return None


def choose(key: str, value: str) -> None:
    """Make the choice for the person, from the next run on."""
    st.session_state.setdefault(_WANTED, {})[key] = value


def _settle(key: str, label: str, options: Sequence[str]) -> None:
    """Before an input is drawn: say what in the link cannot be, and bring back what was chosen on another page."""
    wanted = st.session_state.get(_WANTED, {}).pop(key, None)
    if wanted in options:
        st.session_state[key] = wanted
        return
    received = st.query_params.get_all(key)
    if received and key not in st.session_state:
        unknown = [value for value in received if value not in options]
        if unknown:
            asked = f"{label.lower()} {_short(unknown[0])}"
            st.warning(f"The link asks for {asked}, which is not here. It is one of {_list(options)}.")
        return
    if key in st.session_state:
        if st.session_state[key] not in options:
            del st.session_state[key]
        return
    if _remembered(key) in options:
        st.session_state[key] = _remembered(key)


def _remembered(key: str) -> str | None:
    chosen: dict[str, str] = st.session_state.get(_REMEMBERED, {})
    return chosen.get(key)


def _is_run_with_model(run_id: str) -> bool:
    if not run_id.replace("-", "").replace("_", "").isalnum():
        return False
    try:
        return load_model(run_id).origin == "run"
    except FerError:
        return False


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _short(text: str) -> str:
    """Quote what a link carried, as plain text of bounded length."""
    plain = "".join(character for character in text if character.isalnum() or character in " .-_")
    return f'"{plain[:40]}"' if plain.strip() else "with no name"


def _list(options: Sequence[str]) -> str:
    shown = ", ".join(options[:12])
    return f"{shown} and {len(options) - 12} more" if len(options) > 12 else shown
