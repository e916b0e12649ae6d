"""The live page in a real browser whose camera shows a face."""

from playwright.sync_api import FrameLocator, Locator, Page, expect

from fer_core.labels import EMOTION_COLOURS
from tests.browser.server import App

BOX_MS = 5000
"""A face is boxed this soon after the first frame."""
COUNT_COLOURED = """(video, colours) => {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth; canvas.height = video.videoHeight;
  if (!canvas.width) return 0;
  const pen = canvas.getContext('2d');
  pen.drawImage(video, 0, 0);
  const pixels = pen.getImageData(0, 0, canvas.width, Math.round(canvas.height * 0.7)).data;
  const near = ([r, g, b]) => {
    let count = 0;
    for (let k = 0; k < pixels.length; k += 4)
      if (Math.abs(pixels[k] - r) + Math.abs(pixels[k + 1] - g) + Math.abs(pixels[k + 2] - b) < 48) count += 1;
    return count;
  };
  return Math.max(...colours.map(near));
}"""
"""Pixels, above the bars drawn at the bottom, of the emotion's colour that covers most."""
COLOURS = [[int(EMOTION_COLOURS[name][k : k + 2], 16) for k in (1, 3, 5)] for name in ("disgust", "fear", "surprise", "sad")]
FRAMES = "video => video.getVideoPlaybackQuality().totalVideoFrames"


def open_live(page: Page, app: App, query: str = "") -> FrameLocator:
    page.goto(f"{app.url}/live{query}")
    expect(page.get_by_role("heading", name="It sees me")).to_be_visible(timeout=30_000)
    return page.frame_locator("iframe[title*=webrtc]")


def start(player: FrameLocator) -> Locator:
    """Press START and wait for the first frame."""
    player.get_by_role("button", name="START").click()
    video = player.locator("video")
    expect(video).to_have_js_property("videoWidth", 640, timeout=30_000)
    return video
