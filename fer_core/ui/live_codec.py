"""What aiortc offers no setting for, set for a webcam: the one place that reaches into it.

``install`` puts what is below where aiortc 1.16 looks it up. ``tests/ui/test_live_codec.py`` fails when an upgrade changes
what it relies on.
"""

from fractions import Fraction
from functools import partial
from typing import Any

import av
from aiortc import rtcpeerconnection, rtcrtpreceiver, rtcrtpsender
from aiortc.codecs import base, h264, vpx
from aiortc.codecs import get_encoder as get_any_encoder
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.rate import RemoteBitrateEstimator
from aiortc.rtp import RtpPacket
from aiortc.utils import uint16_add

VP8, H264 = "video/VP8", "video/H264"
PREFERRED = H264
"""What browsers are asked to send and get, where they can: at 640 x 480 it takes half of VP8's time both ways."""
BITS_PER_PIXEL = 2.0
"""Most bits a second that the returned video takes for each pixel: 0.6 Mbit/s at 640 x 480, where noise is all that is lost."""
LEAST_BITRATE, MOST_BITRATE = 250_000, 1_500_000
NEW_BITRATE = 0.1
"""The encoder begins anew, with a key frame, when the bitrate changes by more than this share."""
H264_FPS = 15
"""H264's encoder spends bits by the frame, as for this many a second. Told the frames' times it would hold one back."""
MOST_FROM_CAMERA = 800_000
"""Bits a second that a browser is asked to stay below; left alone it takes twice as many, which cost us time."""
LONGEST_GAP = 45_000
"""Half a second on video's clock of 90 kHz: a lost packet that was not sent again by then is given up."""

_find_common_codecs = rtcpeerconnection.find_common_codecs


def install(preferred: str = PREFERRED) -> None:
    """Let connections made from now on use what is below; a second time changes nothing.

    Args:
        preferred: the codec used where the other side offers it: ``VP8`` or ``H264``.
    """
    replacements: list[tuple[Any, str, Any]] = [
        (rtcpeerconnection, "find_common_codecs", partial(find_common_codecs, preferred)),
        (rtcrtpsender, "get_encoder", get_encoder),
        (rtcrtpreceiver, "JitterBuffer", PromptJitterBuffer),
        (rtcrtpreceiver, "RemoteBitrateEstimator", ModestBitrateEstimator),
    ]
    for module, name, ours in replacements:
        setattr(module, name, ours)


def find_common_codecs(preferred: str, ours: list[Any], theirs: list[Any]) -> list[Any]:
    """Give what both sides can do as aiortc does, in the other side's order, but with the preferred codec first."""
    common: list[Any] = _find_common_codecs(ours, theirs)
    return sorted(common, key=lambda codec: codec.mimeType.lower() != preferred.lower())


def get_encoder(codec: Any) -> base.Encoder:
    """Make an encoder as aiortc does, but for VP8 and H264."""
    quick: dict[str, type[base.Encoder]] = {VP8.lower(): QuickVp8Encoder, H264.lower(): QuickH264Encoder}
    make = quick.get(codec.mimeType.lower())
    return make() if make else get_any_encoder(codec)


def most_bitrate(width: int, height: int) -> int:
    """Bits a second that a video of this size may take at most."""
    return int(min(max(BITS_PER_PIXEL * width * height, LEAST_BITRATE), MOST_BITRATE))


class _QuickEncoder:
    """Gives aiortc's encoders a codec of our own making, at a bitrate that suits the picture's size."""

    codec: Any
    _asked = _most = MOST_BITRATE

    @property
    def target_bitrate(self) -> int:
        """Bits a second: what the receiver can take, but no more than the size is worth."""
        return min(self._asked, self._most)

    @target_bitrate.setter
    def target_bitrate(self, bitrate: int) -> None:
        self._asked = max(bitrate, LEAST_BITRATE)

    def encode(self, frame: Any, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        """Encode one frame into the payloads of its packets, and give its time."""
        self._most = most_bitrate(frame.width, frame.height)
        if not self._fits(frame):
            self.codec = self._make(frame.width, frame.height, self.target_bitrate)
        try:
            return self._encode(frame, force_keyframe)
        except av.FFmpegError:
            # A time that went back, for example. aiortc would end the video for good.
            self.codec = self._make(frame.width, frame.height, self.target_bitrate)
            return self._encode(frame, True)

    def _encode(self, frame: Any, force_keyframe: bool) -> tuple[list[bytes], int]:
        payloads, time = super().encode(frame, force_keyframe)  # type: ignore[misc]
        return payloads, time

    def _fits(self, frame: Any) -> bool:
        return (
            self.codec is not None
            and (self.codec.width, self.codec.height) == (frame.width, frame.height)
            and abs(self.target_bitrate - self.codec.bit_rate) <= NEW_BITRATE * self.codec.bit_rate
        )

    def _make(self, width: int, height: int, bitrate: int) -> Any:
        raise NotImplementedError


class QuickVp8Encoder(_QuickEncoder, vpx.Vp8Encoder):
    """VP8 without denoising, at the fastest search that still looks good."""

    def _make(self, width: int, height: int, bitrate: int) -> Any:
        return make_vp8(width, height, bitrate)


class QuickH264Encoder(_QuickEncoder, h264.H264Encoder):
    """H264 at its fastest, but with the filter against blocks."""

    def _make(self, width: int, height: int, bitrate: int) -> Any:
        return make_h264(width, height, bitrate)


def make_vp8(width: int, height: int, bitrate: int) -> Any:
    """Make the encoder that aiortc would, in one thread, denoising nothing and searching less (``cpu-used``)."""
    codec = _make_codec("libvpx", width, height, bitrate)
    codec.qmin, codec.qmax = 2, 56
    rate = str(bitrate)
    codec.options = {
        "deadline": "realtime",
        "cpu-used": "-12",
        "noise-sensitivity": "0",
        "static-thresh": "100",
        "lag-in-frames": "0",
        "partitions": "0",
        "bufsize": rate,
        "minrate": rate,
        "maxrate": rate,
        "overshoot-pct": "15",
        "undershoot-pct": "100",
    }
    return codec


def make_h264(width: int, height: int, bitrate: int) -> Any:
    """Make an encoder of the baseline profile, which every browser plays, without a frame of delay."""
    codec = _make_codec("libx264", width, height, bitrate)
    codec.profile = "Baseline"
    codec.time_base, codec.framerate = Fraction(1, 90_000), Fraction(H264_FPS)
    codec.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "level": "31",
        "maxrate": str(bitrate),
        "bufsize": str(bitrate // 2),
        "x264-params": "no-deblock=0",
    }
    return codec


def _make_codec(name: str, width: int, height: int, bitrate: int) -> Any:
    codec = av.CodecContext.create(name, "w")
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.bit_rate, codec.gop_size, codec.thread_count = bitrate, 3000, 1
    return codec


class PromptJitterBuffer(JitterBuffer):
    """Gives a frame of video as its last packet comes, not as the next frame's first does, and gives lost packets up in time.

    aiortc's own waits for the next frame, 67 ms at 15 frames a second, and for a lost packet until 512 more have come.
    """

    def __init__(self, capacity: int, prefetch: int = 0, is_video: bool = False) -> None:
        super().__init__(capacity, prefetch, is_video)
        self._given: int | None = None

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        """Take a packet; gives whether a key frame is needed, and the next frame where it is whole."""
        needs_keyframe, frame = super().add(packet)
        if frame is not None or not self._is_video:
            self._given = frame.timestamp if frame is not None else None
        elif self._waited_too_long(packet):
            self._skip_to(packet)
            needs_keyframe = True
        return needs_keyframe, frame

    def _remove_frame(self, sequence_number: int) -> JitterFrame | None:
        if not self._is_video:
            return super()._remove_frame(sequence_number)
        packets: list[Any] = []
        for packet in self._in_line():
            if packets and packet.timestamp != packets[0].timestamp:
                break
            packets.append(packet)
            if packet.marker:
                break
        else:
            return None
        self.remove(len(packets))
        data = b"".join(packet._data for packet in packets)
        # Packets that only fill the line belong to no frame.
        return JitterFrame(data, packets[0].timestamp) if data else self._remove_frame(sequence_number)

    @property
    def _begin(self) -> int:
        """Number of the packet that is next; ``add`` sets it with the first."""
        return self._origin or 0

    def _in_line(self) -> list[Any]:
        """Give the packets that came without a gap."""
        line = []
        for count in range(self.capacity):
            packet = self._packets[(self._begin + count) % self.capacity]
            if packet is None:
                break
            line.append(packet)
        return line

    def _waited_too_long(self, packet: RtpPacket) -> bool:
        if self._given is None:
            return False
        late = (packet.timestamp - self._given) % (1 << 32)
        gap = uint16_add(self._begin, len(self._in_line())) != uint16_add(packet.sequence_number, 1)
        return gap and LONGEST_GAP < late < 1 << 31

    def _skip_to(self, packet: RtpPacket) -> None:
        """Begin with the frame of this packet."""
        first = packet.sequence_number
        while (before := self._packets[(first - 1) % self.capacity]) is not None and before.timestamp == packet.timestamp:
            first = uint16_add(first, -1)
        self.remove(min(uint16_add(first, -self._begin), self.capacity))
        self._origin = first


class ModestBitrateEstimator(RemoteBitrateEstimator):
    """Never tells a browser to send more than a picture for recognition needs."""

    def add(self, *args: Any, **arrival: Any) -> tuple[int, list[int]] | None:
        """Take in a packet's arrival; from time to time gives the bitrate to ask for, and of which streams."""
        asked = super().add(*args, **arrival)
        return (min(asked[0], MOST_FROM_CAMERA), asked[1]) if asked else None
