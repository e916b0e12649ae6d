"""Live: it sees me."""

import streamlit as st
from streamlit_webrtc import webrtc_streamer
from streamlit_webrtc.relay import get_global_relay
from streamlit_webrtc.webrtc import SignallingTimeoutError

from fer_core.ui import (
    leaving,
    live_again,
    live_camera,
    live_check,
    live_codec,
    live_ice,
    live_line,
    live_mode,
    pick,
    show_check,
    show_faces,
    show_live,
    show_session,
)
from fer_core.ui.newest_frames import keep_newest

st.title("It sees me")
whose, how, where = st.columns(3)
with whose:
    model = pick.model()
with how:
    way = show_live.pick_way()

if way != "video":
    live_camera.leave()
    show_faces.picture_privacy()
    given = show_faces.pick_photo() if way == "photo" else show_faces.pick_picture()
    if given is not None:
        show_faces.recognised(given, model)
    st.stop()

check = live_check.my_check()
leaving.on_leave(live_camera.leave)
active = live_camera.is_active(st.session_state.get(live_camera.PLAYER))
with where:
    mode = live_mode.pick_mode(check)
live_mode.say_switched(mode)
now = live_ice.my_ice(active=active)
show_check.watch(check, now, mode=mode, active=active and mode == "server")
if mode == "browser":
    live_camera.leave()
    live_mode.show_in_browser(model)
    st.stop()

video = live_camera.my_video(model)
keep_newest(get_global_relay())
live_codec.install()
live_ice.install(now.ice.policy)
seat = live_line.my_seat()
seated = seat.take() if active else True

show_live.video_privacy()
if not active and seat.place():
    live_camera.leave()
    live_line.wait(seat)
    st.stop()
left, right = st.columns([3, 2], gap="large")
with left:
    stage = st.container()
    view = show_live.pick_view(
        sharp_help="It costs half as much again, and holds from the next START on, while nobody else is live."
    )
    live_camera.say_size(active=active, sharp=view.sharp)
video.mirror, video.zoom = view.mirror, view.zoom
with stage:
    if not active:
        live_camera.forget_track()
    track = live_camera.my_track(video, seat)
    again = live_again.my_again()
    step = again.step(check.camera, active=active, begun=video.begun)
    try:
        stream = webrtc_streamer(
            key=live_camera.PLAYER,
            rtc_configuration=now.ice.configuration(),
            media_stream_constraints=live_camera.constraints(active=active, sharp=view.sharp),
            video_html_attrs=live_camera.VIDEO,
            translations=live_camera.WORDS,
            media_toggle_controls=False,
            source_video_track=track,
            sink_video_track=track,
            desired_playing_state=live_camera.desired(seated=seated, step=step),
        )
    except SignallingTimeoutError:
        live_camera.say_not_connected()
        st.stop()
    active = live_camera.is_active(stream)
    live_again.say(step, lambda: again.step(check.camera, active=active, begun=video.begun))
with right:
    show_live.follow(video, show_live.Way(check, lambda: track.connected), active=active)
show_session.recorded(video.recorder)
