"""Networks for the browser, served by what they contain: BlazeFace's from its package, a model's from its folder.

They go through Streamlit's store of media files: at an address made of the content's hash, wherever a model's folder is.
They are compressed once in the process, and not again at each request, as their type says that they are.
"""

import gzip
import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime import get_instance

from fer_core.errors import ModelError
from fer_core.model import Model
from fer_core.vision.detection import find_model_file

TYPE = "application/gzip"


@dataclass(frozen=True)
class ServedFile:
    """What the browser needs to fetch a file once, and to know it again."""

    name: str
    """Below the address for media."""
    digest: str
    """SHA-256 of the content, hex."""
    bytes: int
    """To download: the content compressed with gzip."""

    def to_json(self) -> dict[str, Any]:
        """Give it as the component takes it."""
        return asdict(self)


@dataclass(frozen=True)
class _Packed:
    digest: str
    data: bytes = field(repr=False)


def serve_detector() -> ServedFile:
    """Serve the face detector.

    Raises:
        ModelError: its file is missing.
    """
    return serve_file(find_model_file())


def serve_model(model: Model) -> ServedFile:
    """Serve a model's network for browsers.

    Raises:
        ModelError: the model has none.
    """
    if not model.browser_path.is_file():
        raise ModelError(
            f"{model.name}: expected a network for browsers ({model.browser_path.name}), received a model without: it was made "
            f"by an earlier version. Run `fer-studio models browser {model.name}`, or choose another model."
        )
    return serve_file(model.browser_path)


def serve_file(path: Path) -> ServedFile:
    """Serve a file to this session until its next full run, in which it must be served again.

    Raises:
        ModelError: it cannot be read.
    """
    try:
        status = path.stat()
        packed = _pack(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise ModelError(f"{path}: expected a network, received none ({error.strerror}). Reload the page.") from None
    url = get_instance().media_file_mgr.add(packed.data, TYPE, f"fer-studio-{packed.digest}")
    return ServedFile(url.rpartition("/")[2], packed.digest, len(packed.data))


@st.cache_resource(max_entries=8, show_spinner=False)
def _pack(path: Path, modified_ns: int, size: int) -> _Packed:
    data = path.read_bytes()
    return _Packed(hashlib.sha256(data).hexdigest(), gzip.compress(data, 9, mtime=0))
