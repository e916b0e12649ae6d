"""The app's own components: TypeScript of frontend/, built into the folder beside this file (`make frontend`).

Streamlit finds a component's files by a manifest of an installed package. Here it is told of the folder directly, so that a
checkout without an installation, as hosts run it, does as well as a wheel.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from fer_core.errors import FerError

FOLDER = Path(__file__).with_name("frontend")
PROJECT = "fer-studio"


class Mount(Protocol):
    """Draws a component where it is called."""

    def __call__(self, *, key: str, data: Any = None, **callbacks: Any) -> Any:
        """Draw.

        Args:
            key: the same in each run; a component with another one is another one.
            data: anything that JSON can hold.
            **callbacks: ``on_NAME_change``, called with nothing when the component gives the value NAME.

        Returns:
            The component's values as attributes.
        """


@cache
def built_files() -> dict[str, str]:
    """Give the built files' names, which carry a hash, by what they are.

    Raises:
        FerError: nothing was built.
    """
    path = FOLDER / "manifest.json"
    try:
        files: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        raise FerError(f"{path}: expected the built frontend, received none. Run `make frontend`.") from None
    return files


def component(name: str) -> Mount:
    """Give the component of frontend/src/``name``.ts; call it once, at import.

    Args:
        name: "live" or "check".
    """

    @cache
    def renderer() -> Any:
        # Made when it is first drawn: without a running app Streamlit remembers no component.
        return st.components.v2.component(f"{PROJECT}.{name}", js=built_files()[name])

    def mount(*, key: str, data: Any = None, **callbacks: Any) -> Any:
        _tell_streamlit(name)  # a test's runtime is a new one for each page
        return renderer()(key=key, data=data, **callbacks)

    return mount


def _tell_streamlit(name: str) -> None:
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{PROJECT}.{name}") is None:
        manifest = ComponentManifest(PROJECT, "1", [ComponentConfig(name, FOLDER.name)])
        manager.register_from_manifest(manifest, FOLDER.parent)
