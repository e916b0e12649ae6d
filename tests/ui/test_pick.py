from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.builders import make_model


def run(page: Callable[[], None], **link: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    for key, value in link.items():
        app.query_params[key] = value
    return app.run()


def colours() -> None:
    import streamlit as st

    from fer_core.ui import pick

    st.text(pick.choice("colour", "Colour", ["red", "green", "blue"], default="green"))


def models() -> None:
    import streamlit as st

    from fer_core.ui import pick, show

    with show.errors():
        st.text(pick.model().name)


@pytest.fixture
def two(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two promoted models, the second serving, and one of a run."""
    monkeypatch.setattr("fer_core.model.folders.shipped_dir", lambda: tmp_path / "shipped")
    for name in ("first", "second"):
        make_model(home / "models" / name, name=name)
    make_model(home / "runs" / "20260101-120000-seed-abcd" / "model")
    (home / "serving.json").write_text('{"name": "second"}')


def test_choice_gives_the_default_without_a_link():
    app = run(colours)
    assert app.text[0].value == "green"
    assert not app.warning


def test_choice_follows_the_link_until_another_is_made():
    app = run(colours, colour="blue")
    assert app.text[0].value == "blue"
    app.selectbox[0].set_value("red").run()
    assert app.text[0].value == "red"


@pytest.mark.parametrize("wanted", ["purple", "", "RED ", "red,blue", "0", "../red", "x" * 5000, "\u202e"])
def test_choice_says_what_a_link_cannot_have_and_gives_the_default(wanted: str):
    app = run(colours, colour=wanted)
    assert app.text[0].value == "green"
    assert "which is not here. It is one of red, green, blue." in app.warning[0].value
    assert len(app.warning[0].value) < 200
    assert "colour" not in app.query_params


def test_model_is_the_serving_one_without_a_link(two: None):
    assert run(models).text[0].value == "second"


@pytest.mark.parametrize("name", ["first", "second"])
def test_model_follows_the_link(name: str, two: None):
    assert run(models, model=name).text[0].value == name


def test_model_may_be_a_runs(two: None):
    assert run(models, model="20260101-120000-seed-abcd").text[0].value != "second"


@pytest.mark.parametrize("wanted", ["{home}/models/first", "../models/first", "/etc", "first/", ".", "", "nope"])
def test_model_is_never_a_path(wanted: str, two: None, home: Path):
    app = run(models, model=wanted.format(home=home))
    assert app.text[0].value == "second"
    assert "is not here" in app.warning[0].value


def test_model_says_what_to_do_where_there_is_none(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fer_core.model.folders.shipped_dir", lambda: tmp_path / "shipped")
    app = run(models)
    assert not app.exception
    assert "expected a serving model" in app.error[0].value
