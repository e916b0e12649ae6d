"""Video analysed in another browser: Firefox, whose camera shows a canvas with a face on it."""

import base64
import io
import re
from pathlib import Path

import av
import cv2
import pytest

from tests.browser.camera import face_frame
from tests.browser.firefox import find_firefox, run_firefox
from tests.browser.server import run_app
from tests.browser.test_live_in_browser import SCRIPT

SHADOW = """[...document.querySelectorAll('*')].map(e => e.shadowRoot).find(r => r?.querySelector('.stage'))"""
CAMERA = """new Promise(done => {{
  const image = new Image();
  image.onload = () => {{
    const canvas = Object.assign(document.createElement('canvas'), {{width: 640, height: 480}});
    const draw = () => canvas.getContext('2d').drawImage(image, 0, 0);
    draw();
    setInterval(draw, 50);
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
    done(true);
  }};
  image.src = 'data:image/jpeg;base64,{picture}';
}})"""

READ = """fetch({link}.href).then(got => got.blob()).then(blob => new Promise(done => {{
  const reader = new FileReader();
  reader.onload = () => done(reader.result);
  reader.readAsDataURL(blob);
}}))"""


@pytest.mark.skipif(find_firefox() is None, reason="no Firefox on this machine; install firefox-esr")
def test_firefox_recognises_the_face(tmp_path: Path):
    picture = base64.b64encode(cv2.imencode(".jpg", face_frame(0.0))[1].tobytes()).decode()
    with run_app(tmp_path, script=SCRIPT) as app, run_firefox(tmp_path / "firefox") as tab:
        tab.open(app.url)
        tab.wait_for(f"{SHADOW}?.querySelector('.note').textContent.startsWith('Press START')", within_s=90)
        assert tab.run(CAMERA.format(picture=picture)) is True
        tab.run(f"{SHADOW}.querySelector('button').click()")
        tab.wait_for("document.querySelector('.fer-now')?.textContent === 'happy'", within_s=60)
        assert tab.run(f"{SHADOW}.querySelector('.note').textContent") == ""
        tab.run("document.querySelector('[aria-label=\"with video\"]').click()")
        tab.run(press("Record"))
        tab.wait_for("/Recording: [2-9] s/.test(document.body.innerText)", within_s=60)
        tab.run(press("Stop recording"))
        tab.wait_for(f"!{SHADOW}.querySelector('.film').hidden", within_s=60)
        assert re.fullmatch(r"session-[\d-]+\.(mp4|webm)", tab.run(f"{SHADOW}.querySelector('.film').download"))
        data = tab.run(READ.format(link=f"{SHADOW}.querySelector('.film')"))
    with av.open(io.BytesIO(base64.b64decode(data.split(",")[1]))) as video:
        pictures = [frame.to_ndarray(format="gray") for frame in video.decode(video=0)]
    assert len(pictures) >= 5
    assert pictures[-1].std() > 20, "a picture, not one tone"


def press(name: str) -> str:
    return f"[...document.querySelectorAll('button')].find(button => button.innerText.trim().endsWith('{name}')).click()"
