"""How Keras is loaded."""

import importlib.util
import sys

import pytest

from fer_core.training import backend


def can_import(name: str) -> bool:
    return name not in sys.modules or sys.modules[name] is not None


@pytest.mark.parametrize("fails", [False, True])
def test_keras_is_loaded_as_if_what_it_can_do_without_were_missing(monkeypatch: pytest.MonkeyPatch, fails: bool):
    for name in [name for name in sys.modules if name.split(".")[0] in ("matplotlib", "sklearn")]:
        monkeypatch.delitem(sys.modules, name)
    seen = {}

    def load(name: str) -> None:
        seen.update({other: can_import(other) for other in ("matplotlib", "sklearn", "pandas")}, name=name)
        if fails:
            raise ImportError(name)

    monkeypatch.setattr(backend.importlib, "import_module", load)
    if fails:
        with pytest.raises(ImportError, match="keras"):
            backend.load_keras()
    else:
        backend.load_keras()
    assert seen == {"matplotlib": False, "sklearn": False, "pandas": True, "name": "keras"}
    assert can_import("matplotlib")
    assert can_import("sklearn")
    assert importlib.util.find_spec("sklearn") is not None
