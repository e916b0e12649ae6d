"""Live: it sees me."""

import av
import streamlit as st
from streamlit_webrtc import webrtc_streamer
from streamlit_webrtc.relay import get_global_relay

from fer_core.ui import pick, show_live
from fer_core.ui.live_video import LiveVideo
from fer_core.ui.newest_frames import keep_newest

CAMERA = {"video": {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 20}}, "audio": False}
VIDEO = {"autoPlay": True, "controls": False, "muted": True, "playsInline": True, "style": {"width": "100%"}}
NO_ICE_SERVERS: dict[str, object] = {"iceServers": []}

st.title("It sees me")
whose, how = st.columns([1, 2])
with whose:
    model = pick.model()
with how:
    way = show_live.pick_way()

if way == "video":
    video: LiveVideo = st.session_state.setdefault("live_video", LiveVideo(model))
    video.use(model)
    keep_newest(get_global_relay())

    def on_frame(frame: av.VideoFrame) -> av.VideoFrame:
        drawn = video.annotate(frame.to_ndarray(format="bgr24"), frame.time)
        shown = av.VideoFrame.from_ndarray(drawn, format="bgr24")
        shown.pts, shown.time_base = frame.pts, frame.time_base
        return shown

    show_live.video_privacy()
    left, right = st.columns([3, 2], gap="large")
    with left:
        stream = webrtc_streamer(
            key="live",
            rtc_configuration=NO_ICE_SERVERS,
            media_stream_constraints=CAMERA,
            video_html_attrs=VIDEO,
            translations=show_live.CAMERA_WORDS,
            media_toggle_controls=False,
            video_frame_callback=on_frame,
            on_video_ended=video.end,
        )
        video.mirror = show_live.pick_mirror()
    with right:
        show_live.follow(video, active=stream.state.playing or stream.state.signalling)
else:
    show_live.picture_privacy()
    given = show_live.pick_photo() if way == "photo" else show_live.pick_picture()
    if given is not None:
        show_live.recognised(given, model)
