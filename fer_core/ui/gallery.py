"""A grid of faces that open on a click, a key or a link; one component for every page that shows faces."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import streamlit as st

from fer_core.labels import EMOTION_COLOURS, EMOTIONS
from fer_core.ui.pictures import to_data_uri


@dataclass(frozen=True)
class Tile:
    """One face of a gallery.

    Attributes:
        row: its number in the dataset.
        source: the picture, as an address.
        colour: of its label, RGB hex.
        lines: what stands below it, plain text.
        said: what a screen reader says.
    """

    row: int
    source: str
    colour: str
    lines: tuple[str, ...]
    said: str


def make_tile(image: np.ndarray, row: int, label: int, *more: str) -> Tile:
    """Make a tile of a face.

    Args:
        image: (48, 48) uint8.
        row: its number in the dataset.
        label: 0..6.
        more: further lines below it.
    """
    emotion = EMOTIONS[label]
    said = ", ".join((f"Row {row}", emotion, *more))
    return Tile(int(row), to_data_uri(image), EMOTION_COLOURS[emotion], (emotion, f"row {row}", *more), said)


def show_gallery(tiles: Iterable[Tile], key: str) -> int | None:
    """Show tiles in a grid that wraps.

    Returns:
        The row that was clicked on in this run; None in every other run.
    """
    result: Any = _draw(key=f"gallery-{key}", data={"tiles": [asdict(tile) for tile in tiles]}, on_row_change=_rerun)
    clicked = getattr(result, "row", None)
    return int(clicked) if clicked is not None else None


def _rerun() -> None:
    """A click runs the page again; the page does the rest."""


_HTML = '<div class="grid"></div>'

_CSS = """
:host { container-type: inline-size; }
.grid { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 0.9rem 0.75rem; }
@container (min-width: 560px) { .grid { grid-template-columns: repeat(8, minmax(0, 1fr)); } }
@container (min-width: 960px) { .grid { grid-template-columns: repeat(12, minmax(0, 1fr)); } }
button { all: unset; box-sizing: border-box; cursor: zoom-in; min-width: 0; color: var(--st-text-color);
  font-family: var(--st-font); font-size: 0.8rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
img { display: block; width: 100%; aspect-ratio: 1; border-radius: 0.5rem; transition: transform 0.12s ease-out; }
button:hover img { transform: scale(1.04); }
button:focus-visible img { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
.strip { height: 0.22rem; border-radius: 0.11rem; margin: 0.35rem 0 0.15rem; }
.line { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.line:not(.first) { opacity: 0.74; }
@media (prefers-reduced-motion: reduce) { img { transition: none; } button:hover img { transform: none; } }
"""

_JS = """
// Once the dialog that a tile opens is closed, the keyboard goes on at that tile.
function comeBack(grid, row) {
  let opened = false;
  grid.waiting?.disconnect();
  grid.waiting = new MutationObserver(() => {
    const dialog = document.querySelector('[role="dialog"]');
    opened = opened || dialog !== null;
    if (!opened || dialog) return;
    grid.waiting.disconnect();
    setTimeout(() => [...grid.children].find((button) => button.row === row)?.focus());
  });
  grid.waiting.observe(document.body, { childList: true, subtree: true });
}

export default function ({ parentElement, data, setTriggerValue }) {
  const grid = parentElement.querySelector(".grid");
  const shown = JSON.stringify(data.tiles);
  if (grid.shown === shown) return;
  grid.shown = shown;
  const make = (name, className, text) => {
    const element = document.createElement(name);
    element.className = className;
    if (text) element.textContent = text;
    return element;
  };
  grid.replaceChildren(...data.tiles.map((tile) => {
    const button = make("button", "tile");
    button.type = "button";
    button.setAttribute("aria-label", tile.said + ". Open it large");
    const image = make("img", "face");
    image.src = tile.source;
    image.alt = "";
    const strip = make("div", "strip");
    strip.style.background = tile.colour;
    const lines = tile.lines.map((line, at) => make("div", at ? "line" : "line first", line));
    button.replaceChildren(image, strip, ...lines);
    button.row = tile.row;
    button.onclick = () => {
      comeBack(grid, tile.row);
      setTriggerValue("row", tile.row);
    };
    return button;
  }));
}
"""

_draw = st.components.v2.component("fer_gallery", html=_HTML, css=_CSS, js=_JS)
