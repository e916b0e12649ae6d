"""Moving frames, what an encoder made of them, and aiortc put back as it was."""

from fractions import Fraction

import av
from aiortc import (
    rtcpeerconnection,
    rtcrtpreceiver,
    rtcrtpsender,
)
from aiortc.codecs import CODECS, get_decoder
from aiortc.jitterbuffer import JitterFrame

from fer_core.ui.live_codec import (
    VP8,
)
from fer_core.vision.frames import new_frame


def moving_frame(index: int, size_wh: tuple[int, int] = (640, 480)) -> av.VideoFrame:
    """A bright square that moves over gray, at 15 frames a second."""
    frame, planes = new_frame(size_wh)
    planes.y[:], planes.u[:], planes.v[:] = 100, 128, 128
    left = 5 * index % 90
    planes.y[20:80, left : left + 60] = 200
    frame.pts, frame.time_base = 6000 * index, Fraction(1, 90000)
    return frame


def joined(payloads: list[list[bytes]], mime: str) -> list[bytes]:
    """Put frames together of the payloads of their packets."""
    codec = next(codec for codec in CODECS["video"] if codec.mimeType == mime)
    return [b"".join(rtcrtpreceiver.depayload(codec, packet) for packet in packets) for packets in payloads]


def frames_of(payloads: list[list[bytes]], mime: str) -> list[av.VideoFrame]:
    """Decode what an encoder made, as aiortc does with what comes from the net."""
    decoder = get_decoder(next(codec for codec in CODECS["video"] if codec.mimeType == mime))
    return [
        frame for index, data in enumerate(joined(payloads, mime)) for frame in decoder.decode(JitterFrame(data, 6000 * index))
    ]


def is_key(data: bytes, mime: str) -> bool:
    """Whether a frame needs none before it: RFC 6386, 9.1; H.264, NAL unit type 5."""
    return data[0] & 1 == 0 if mime == VP8 else b"\x00\x00\x01\x65" in data


PLACES = [
    (rtcpeerconnection, "find_common_codecs"),
    (rtcrtpsender, "get_encoder"),
    (rtcrtpreceiver, "JitterBuffer"),
    (rtcrtpreceiver, "RemoteBitrateEstimator"),
]
