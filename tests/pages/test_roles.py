"""A viewer changes nothing, through any page, button or link; the owner is asked for nothing more."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit_webrtc
from aiortc.contrib.media import MediaRelay
from streamlit.testing.v1 import AppTest

from fer_core import model, runs
from fer_core.model import serving
from fer_core.runs import control
from fer_core.ui import load, roles, uploads
from tests.builders import make_dataset, make_model, make_split

OpenPage = Callable[..., AppTest]
PAGES = ("overview", "dataset", "training", "evaluation", "live")
LINKS = (
    {},
    {"data": "sample", "run": "r1", "model": "mine", "split": "test", "row": "3", "cell": "fear-sad"},
    {"role": "owner"},
)
CHANGES = [
    (runs, ("start_run", "stop_run", "resume_run", "delete_run", "measure_speed", "create_run")),
    (control, ("start_run", "stop_run", "resume_run", "delete_run", "create_run")),
    (model, ("promote", "serve")),
    (serving, ("promote", "serve")),
    (uploads, ("keep_upload", "keep_path")),
]


@pytest.fixture(autouse=True)
def rooms(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model, a dataset and a training, so that every page has all that it could offer."""
    make_model(home / "models" / "mine", name="mine")
    splits = [make_split(21, name="train"), make_split(7, name="validation", first_row=21), make_split(7, first_row=28)]
    monkeypatch.setattr(load, "load_dataset", lambda source, **_: make_dataset(*splits, source=str(source)))
    runs.create_run("seed", "sample")
    idle = SimpleNamespace(state=SimpleNamespace(playing=False, signalling=False))
    monkeypatch.setattr(streamlit_webrtc, "webrtc_streamer", lambda **options: idle)
    monkeypatch.setattr(streamlit_webrtc.relay, "get_global_relay", MediaRelay)


@pytest.fixture
def changed(rooms: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of what was called to change something."""
    seen: list[str] = []
    for module, names in CHANGES:
        for name in names:
            monkeypatch.setattr(module, name, lambda *args, name=name, **kwargs: seen.append(name))
    return seen


def press_everything(app: AppTest) -> None:
    """Click every button that is there, one after the other."""
    for number in range(len(app.button)):
        if number < len(app.button) and not app.button[number].disabled:
            app.button[number].click().run()


@pytest.mark.parametrize("link", LINKS, ids=["plain", "everything", "claims"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_let_a_viewer_change_nothing(
    page: str, link: dict[str, str], open_page: OpenPage, changed: list[str], home: Path
):
    run, chosen = next(home.glob("runs/*/run.json")), home / "models" / "mine" / "model.json"
    before = run.read_bytes(), chosen.read_bytes()
    app = open_page(page, **link)
    press_everything(app)
    assert changed == []
    assert (run.read_bytes(), chosen.read_bytes()) == before
    assert not (home / "uploads").exists()
    assert not (home / "serving.json").exists()


@pytest.mark.parametrize("page", PAGES)
def test_pages_offer_a_viewer_no_upload_of_a_dataset_and_no_path(page: str, open_page: OpenPage):
    app = open_page(page)
    assert [uploader.label for uploader in app.get("file_uploader") if "CSV" in uploader.label] == []
    assert [field.label for field in app.text_input if "path" in field.label.lower()] == []


@pytest.mark.parametrize("headers", [[("Host", "studio.example.org")], [("Host", "localhost"), ("X-Forwarded-For", "::1")]])
def test_pages_treat_a_distant_owner_as_a_viewer(
    headers: list[tuple[str, str]], open_page: OpenPage, changed: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(roles, "server_address", lambda: "localhost")
    monkeypatch.setattr(roles, "request_headers", lambda: headers)
    press_everything(open_page("training"))
    assert changed == []


def test_pages_let_the_owner_start_a_training(open_page: OpenPage, owner: None, changed: list[str]):
    app = open_page("training", data="sample")
    starts = [button for button in app.button if button.label.lower().startswith("start")]
    assert len(starts) == 1
    assert not starts[0].disabled
