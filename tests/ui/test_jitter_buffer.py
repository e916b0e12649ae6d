"""Packets of video put together: a frame as soon as it is whole, and none waited for too long."""

from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket

from fer_core.ui.live_codec import (
    PromptJitterBuffer,
)


def packet(number: int, frame: int, *, marker: int = 0, data: bytes = b"x") -> RtpPacket:
    made = RtpPacket(sequence_number=number % (1 << 16), timestamp=frame * 6000 % (1 << 32), marker=marker)
    made._data = data
    return made


def test_jitter_buffer_gives_a_frame_with_its_last_packet() -> None:
    buffer = PromptJitterBuffer(capacity=512, is_video=True)
    assert buffer.add(packet(65535, 1, data=b"a")) == (False, None)
    needs_keyframe, frame = buffer.add(packet(0, 1, marker=1, data=b"b"))
    assert not needs_keyframe
    assert (frame.data, frame.timestamp) == (b"ab", 6000)
    assert buffer.add(packet(1, 2, marker=1, data=b"c"))[1].data == b"c"


def test_jitter_buffer_gives_a_frame_without_a_marked_packet_when_the_next_begins() -> None:
    buffer = PromptJitterBuffer(capacity=512, is_video=True)
    buffer.add(packet(5, 1, data=b"a"))
    assert buffer.add(packet(6, 2, data=b"b"))[1].data == b"a"


def test_jitter_buffer_puts_packets_in_order_and_waits_for_a_lost_one() -> None:
    buffer = PromptJitterBuffer(capacity=512, is_video=True)
    buffer.add(packet(1, 1, marker=1))
    assert buffer.add(packet(3, 2, marker=1, data=b"b")) == (False, None)
    assert buffer.add(packet(4, 3, marker=1, data=b"c")) == (False, None)
    assert buffer.add(packet(2, 2, data=b"a"))[1].data == b"ab"
    assert buffer.add(packet(5, 4, marker=1, data=b"d"))[1].data == b"c"


def test_jitter_buffer_leaves_out_packets_without_data() -> None:
    buffer = PromptJitterBuffer(capacity=512, is_video=True)
    buffer.add(packet(1, 1, marker=1))
    assert buffer.add(packet(2, 1, data=b"")) == (False, None)
    assert buffer.add(packet(3, 2, marker=1, data=b"b"))[1].data == b"b"


def test_jitter_buffer_gives_a_lost_packet_up_after_half_a_second_and_asks_for_a_key_frame() -> None:
    buffer = PromptJitterBuffer(capacity=512, is_video=True)
    buffer.add(packet(0, 0, marker=1))
    said = [buffer.add(packet(number, number, marker=number % 2, data=b"%d" % number)) for number in range(2, 8)]
    assert said == [(False, None)] * 6
    assert buffer.add(packet(8, 8, data=b"8")) == (True, None)
    assert buffer.add(packet(9, 8, marker=1, data=b"9"))[1].data == b"89"
    assert buffer.add(packet(1, 1, marker=1)) == (False, None)
    assert buffer.add(packet(10, 9, marker=1, data=b"10"))[1].data == b"10"


def test_jitter_buffer_takes_a_pause_of_the_camera_for_no_loss() -> None:
    buffer = PromptJitterBuffer(capacity=512, is_video=True)
    buffer.add(packet(0, 0, marker=1))
    assert buffer.add(packet(1, 1000)) == (False, None)
    assert buffer.add(packet(2, 1000, marker=1))[1].data == b"xx"


def test_jitter_buffer_of_sound_is_aiortcs() -> None:
    ours, theirs = PromptJitterBuffer(capacity=16, prefetch=4), JitterBuffer(capacity=16, prefetch=4)
    for number in range(12):
        said, expected = (buffer.add(packet(number, number, marker=1)) for buffer in (ours, theirs))
        assert (said[0], said[1] and said[1].timestamp) == (expected[0], expected[1] and expected[1].timestamp)
