"""Video analysed in another browser: Firefox, whose camera shows a canvas with a face on it."""

import base64
from pathlib import Path

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
