import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fer_core.errors import MediaError
from fer_core.vision import read_image, read_picture

RED, GREEN, BLUE, WHITE = (0, 0, 255), (0, 255, 0), (255, 0, 0), (255, 255, 255)
"""BGR."""


def encode(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """A picture's file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def quarters() -> Image.Image:
    """40 x 24 pixels: red and green above, blue and white below."""
    image = Image.new("RGB", (40, 24), "white")
    image.paste("red", (0, 0, 20, 12))
    image.paste("lime", (20, 0, 40, 12))
    image.paste("blue", (0, 12, 20, 24))
    return image


def corners(image: np.ndarray) -> list[tuple[int, ...]]:
    """Colours near the four corners, row by row, rounded to 0 or 255."""
    height, width = image.shape[:2]
    points = [(3, 3), (width - 4, 3), (3, height - 4), (width - 4, height - 4)]
    return [tuple(255 * (image[y, x] > 127)) for x, y in points]


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF"])
def test_read_image_reads_common_formats_as_bytes_and_by_path(tmp_path: Path, kind: str) -> None:
    data = encode(quarters(), kind)
    (tmp_path / "picture").write_bytes(data)
    for given in (data, tmp_path / "picture"):
        image = read_image(given)
        assert (image.shape, image.dtype) == ((24, 40, 3), np.uint8)
        assert corners(image) == [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize(
    ("orientation", "wanted"),
    [
        (1, [RED, GREEN, BLUE, WHITE]),
        (2, [GREEN, RED, WHITE, BLUE]),
        (3, [WHITE, BLUE, GREEN, RED]),
        (4, [BLUE, WHITE, RED, GREEN]),
        (5, [RED, BLUE, GREEN, WHITE]),
        (6, [BLUE, RED, WHITE, GREEN]),
        (7, [WHITE, GREEN, BLUE, RED]),
        (8, [GREEN, WHITE, RED, BLUE]),
        (9, [RED, GREEN, BLUE, WHITE]),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_read_image_turns_a_picture_as_its_exif_says(kind: str, orientation: int, wanted: list[tuple[int, ...]]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = read_picture(encode(quarters(), kind, exif=exif))
    assert corners(picture.image) == wanted
    assert picture.size_wh == picture.image.shape[1::-1] == ((24, 40) if 5 <= orientation <= 8 else (40, 24))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_read_image_puts_transparency_on_white(mode: str) -> None:
    image = Image.new(mode, (8, 8), (0, 0, 0, 0) if mode == "RGBA" else (0, 0))
    assert (read_image(encode(image)) == 255).all()
    half = Image.new(mode, (8, 8), (0, 0, 0, 128) if mode == "RGBA" else (0, 128))
    np.testing.assert_allclose(read_image(encode(half)), 127, atol=1)


def test_read_image_puts_a_palettes_transparency_on_white() -> None:
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    assert (read_image(encode(image)) == RED).all()
    assert (read_image(encode(image, transparency=1)) == 255).all()


def test_read_image_reads_gray_in_1_8_and_16_bits() -> None:
    assert (read_image(encode(Image.new("L", (6, 5), 200))) == 200).all()
    assert (read_image(encode(Image.new("1", (6, 5), 1))) == 255).all()
    deep = Image.fromarray(np.full((5, 6), 200 * 257, np.uint16))
    assert (read_image(encode(deep)) == 200).all()


def test_read_image_reads_a_cmyk_jpeg() -> None:
    assert corners(read_image(encode(quarters().convert("CMYK"), "JPEG"))) == [RED, GREEN, BLUE, WHITE]


def test_read_image_takes_a_gifs_first_frame() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert (read_image(data) == RED).all()


def test_read_picture_scales_a_40_megapixel_photo_down_and_says_so() -> None:
    picture = read_picture(encode(Image.new("RGB", (8000, 5000), "blue"), "JPEG"))
    assert picture.image.shape == (2500, 4000, 3)
    assert (picture.size_wh, picture.scale) == ((8000, 5000), 2.0)
    assert picture.note == "Scaled down from 8000 x 5000 to 4000 x 2500 pixels."


def test_read_picture_scales_a_turned_photo_down_in_its_own_proportions() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = read_picture(encode(Image.new("RGBA", (5000, 1000), (0, 0, 255, 255)), exif=exif))
    assert picture.image.shape == (4096, 819, 3)
    assert picture.size_wh == (1000, 5000)
    assert (picture.image[2000, 400] == BLUE).all()


@pytest.mark.parametrize("size_wh", [(5000, 100), (60000, 1), (4097, 4097)])
def test_read_picture_scales_down_to_4096_where_half_would_be_too_little(size_wh: tuple[int, int]) -> None:
    assert max(read_picture(encode(Image.new("L", size_wh), "JPEG")).image.shape) == 4096


def test_read_picture_leaves_a_common_photo_its_size() -> None:
    picture = read_picture(encode(Image.new("RGB", (4000, 30), "red")))
    assert (picture.image.shape, picture.scale, picture.note) == ((30, 4000, 3), 1.0, None)


@pytest.mark.parametrize(("width", "height"), [(8001, 8000), (12000, 8000), (30000, 30000), (2**31 - 1, 2**31 - 1)])
def test_read_image_refuses_a_decompression_bomb_by_its_header(width: int, height: int) -> None:
    with pytest.raises(MediaError, match=r"at most 64 million pixels, received .*Scale it down"):
        read_image(png_header(width, height))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF"])
def test_read_image_refuses_a_picture_cut_short(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(256, size=(64, 64, 3), dtype=np.uint8))
    data = encode(noise, kind)
    for size in (len(data) // 2, 40):
        with pytest.raises(MediaError, match=r"the picture: expected .* received .* Save it again"):
            read_image(data[:size])


@pytest.mark.parametrize("data", [b"no picture", b"\x00" * 1000, b"<svg/>", b"GIF89a", b"\xff\xd8\xff\xe0", b"%PDF-1.7"])
def test_read_image_refuses_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(MediaError, match=r"expected .* received .* Save it again as PNG or JPEG"):
        read_image(data)


def test_read_image_never_fails_but_with_a_media_error() -> None:
    rng = np.random.default_rng(0)
    for kind in ("PNG", "JPEG", "WEBP", "BMP", "GIF"):
        whole = np.frombuffer(encode(quarters(), kind), np.uint8)
        for _ in range(60):
            damaged = whole.copy()
            places = rng.integers(len(whole), size=6)
            damaged[places] = rng.integers(256, size=6)
            try:
                assert read_image(damaged.tobytes()).dtype == np.uint8
            except MediaError:
                continue


def test_read_image_names_a_path_that_is_missing_empty_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    for name, words in (("none.png", "received none"), (".", "received none"), ("empty.png", "received an empty file")):
        with pytest.raises(MediaError, match=words) as caught:
            read_image(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)
    with pytest.raises(MediaError, match=r"the picture: .*empty file"):
        read_image(b"")
