import numpy as np
import pytest

from fer_core.vision.search import TILE_SHARES
from fer_core.vision.tiles import are_uncut, tile_boxes


@pytest.mark.parametrize("size_wh", [(640, 480), (480, 640), (1280, 720), (4096, 100), (2000, 2000)])
def test_tiles_cover_the_picture_and_overlap(size_wh: tuple[int, int]) -> None:
    covered = np.zeros(size_wh[::-1], np.uint8)
    for left, top, right, bottom in tile_boxes(size_wh, TILE_SHARES):
        assert 0 <= left < right <= size_wh[0]
        assert 0 <= top < bottom <= size_wh[1]
        covered[top:bottom, left:right] += 1
    assert covered.min() >= 1
    assert covered.max() >= 2


def test_tiles_are_no_smaller_than_the_networks_input() -> None:
    assert tile_boxes((300, 200), TILE_SHARES) == []


def test_faces_are_cut_by_a_parts_own_edges_and_not_by_the_pictures() -> None:
    frames = np.array([[-5, 20, 60, 80], [200, 20, 310, 80], [200, 20, 320, 80], [100, 170, 180, 240], [100, 170, 180, 250]])
    assert are_uncut(frames, (0, 0, 320, 240), (640, 240)).tolist() == [True, True, False, True, True]
    assert are_uncut(frames, (-50, -50, 700, 300), (640, 240)).all()
