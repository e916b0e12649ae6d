"""What the app's process must never load, whatever page is visited."""

import json
import os
import subprocess
import sys
from pathlib import Path

PAGES = ("overview", "dataset", "training", "evaluation", "live")
FORBIDDEN = {"tensorflow", "keras", "mlflow", "sklearn", "cleanlab", "jax", "torch"}
WALK = """
import json, sys
from types import SimpleNamespace
import streamlit_webrtc
from aiortc.contrib.media import MediaRelay
from streamlit.testing.v1 import AppTest
from fer_core.ui import roles

idle = SimpleNamespace(state=SimpleNamespace(playing=False, signalling=False))
streamlit_webrtc.webrtc_streamer = lambda **options: idle
streamlit_webrtc.relay.get_global_relay = MediaRelay

roles.request_headers = lambda: [("Host", "localhost")]
roles.server_address = lambda: "localhost"
app = AppTest.from_file(sys.argv[1], default_timeout=120)
titles = []
for page in sys.argv[2:]:
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, (page, [error.message for error in app.exception])
    titles += [title.value for title in app.title]
print(json.dumps({"titles": titles, "modules": sorted({name.partition(".")[0] for name in sys.modules})}))
"""


def test_pages_never_load_what_trains(home: Path):
    app = Path(__file__).parents[2] / "app.py"
    done = subprocess.run(
        [sys.executable, "-c", WALK, str(app), *PAGES],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=app.parent,
        env={**os.environ, "FER_HOME": str(home)},
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert len(seen["titles"]) == len(PAGES)
    assert {"streamlit", "fer_core"} <= set(seen["modules"])
    assert FORBIDDEN & set(seen["modules"]) == set()
