import importlib.util
import json
from pathlib import Path

from fer_core.vision import crops

FRONTEND = Path(__file__).parents[2] / "frontend"


def load_script():
    spec = importlib.util.spec_from_file_location("constants", FRONTEND / "constants.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def test_constants_of_the_browser_are_those_of_the_server():
    script = load_script()
    assert script.TARGET.read_text(encoding="utf-8") == script.write(), "run `make frontend` and commit what it writes"


def test_a_constant_of_each_kind_is_carried_over():
    values = json.loads(load_script().write())
    assert values["crops"]["SIDE"] == crops.SIDE
    assert values["labels"]["EMOTION_COLOURS"]["happy"] == "#E69F00"
    assert values["quality"]["TROUBLES"]["width"] == {"fine": 48, "lost": 20}
    assert values["marks"]["PANEL"] == "#10151c"
