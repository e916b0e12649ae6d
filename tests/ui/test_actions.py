import inspect
from typing import Any

import pytest

from fer_core import audit, model, runs
from fer_core.dataset import exclusions
from fer_core.errors import NotAllowedError
from fer_core.ui import actions, roles, uploads
from fer_core.ui.sources import SAMPLE_SOURCE

CALLS: dict[str, tuple[Any, ...]] = {
    "start_training": ("seed", SAMPLE_SOURCE),
    "stop_training": ("run",),
    "resume_training": ("run",),
    "delete_run": ("run",),
    "promote_run": ("run", "name"),
    "serve_model": ("name",),
    "upload_dataset": (None, "name"),
    "check_predictions": (None, "name", None),
    "open_server_path": ("/",),
    "forget_dataset": (SAMPLE_SOURCE,),
    "save_exclusion": ("name", None, []),
    "start_audit": ("digest", SAMPLE_SOURCE),
    "stop_audit": ("digest",),
    "measure_speed": (None,),
}
BELOW = [
    (runs, ("start_run", "stop_run", "resume_run", "delete_run", "measure_speed")),
    (model, ("promote", "serve")),
    (uploads, ("keep_upload", "keep_path", "check_predictions")),
    (exclusions, ("save_exclusion",)),
    (audit, ("start_audit", "stop_audit")),
]


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of what was called below the actions."""
    seen: list[str] = []
    for module, names in BELOW:
        for name in names:
            monkeypatch.setattr(module, name, lambda *args, name=name, **kwargs: seen.append(name))
    return seen


def test_actions_are_all_in_this_table():
    public = {
        name
        for name, function in inspect.getmembers(actions, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == actions.__name__
    }
    assert public == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_actions_refuse_a_viewer_before_anything_else(name: str, touched: list[str]):
    with pytest.raises(NotAllowedError, match="only the owner may"):
        getattr(actions, name)(*CALLS[name])
    assert touched == []


@pytest.mark.parametrize(
    "headers", [[("Host", "localhost"), ("X-Forwarded-For", "10.0.0.1")], [("Host", "studio.example.org")], []]
)
def test_actions_refuse_a_forwarded_or_distant_owner(
    headers: list[tuple[str, str]], touched: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(roles, "server_address", lambda: "localhost")
    monkeypatch.setattr(roles, "request_headers", lambda: headers)
    with pytest.raises(NotAllowedError):
        actions.delete_run("run")
    assert touched == []


def test_actions_refuse_the_owner_where_everybody_is_a_viewer(owner: None, touched: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER_ROLE", "viewer")
    with pytest.raises(NotAllowedError):
        actions.serve_model("seed")
    assert touched == []


@pytest.mark.parametrize("name", [name for name in CALLS if name != "forget_dataset"])
def test_actions_of_the_owner_reach_what_lies_below(name: str, owner: None, touched: list[str]):
    getattr(actions, name)(*CALLS[name])
    assert len(touched) == 1
