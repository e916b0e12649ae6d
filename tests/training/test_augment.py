import numpy as np
import pytest

from fer_core.runs import AUGMENTATIONS, RECIPES, with_settings
from fer_core.training.augment import affine, augment_images, brightness, erase, flip
from fer_core.training.batches import Batch, count_batches, epoch_batches, mix_up
from fer_core.training.targets import build_targets
from tests.builders import make_split


def faces(n: int) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (n, 48, 48), dtype=np.uint8)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augment_is_repeatable_and_leaves_its_input(name):
    images = faces(16)
    before = images.copy()
    first = augment_images(images, (name,), np.random.default_rng(1))
    again = augment_images(images, (name,), np.random.default_rng(1))
    other = augment_images(images, (name,), np.random.default_rng(2))
    assert first.shape == images.shape
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.array_equal(images, before)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augment_takes_no_images(name):
    assert augment_images(faces(0), (name,), np.random.default_rng(0)).shape == (0, 48, 48)


def test_flip_mirrors_about_half_of_the_images():
    images = faces(400)
    out = flip(images, np.random.default_rng(0))
    mirrored = (out == images[:, :, ::-1]).all(axis=(1, 2))
    kept = (out == images).all(axis=(1, 2))
    assert (mirrored ^ kept).all()
    assert 160 < mirrored.sum() < 240


def test_affine_keeps_an_even_image_and_moves_a_spot_at_most_so_far():
    even = np.full((8, 48, 48), 90, np.uint8)
    assert (affine(even, np.random.default_rng(0)) == 90).all()
    spots = np.zeros((200, 48, 48), np.uint8)
    spots[:, 22:26, 22:26] = 255
    out = affine(spots, np.random.default_rng(0)).astype(float)
    ys, xs = np.mgrid[:48, :48]
    total = out.sum(axis=(1, 2))
    centres = np.stack([(out * xs).sum(axis=(1, 2)), (out * ys).sum(axis=(1, 2))], axis=1) / total[:, None]
    moved = np.abs(centres - 23.5)
    assert moved.max() <= 0.12 * 48 + 0.5
    assert moved.max() > 4


def test_brightness_clips():
    white = brightness(np.full((50, 48, 48), 255, np.uint8), np.random.default_rng(0))
    assert white.max() == 255
    assert white.min() >= 255 * 0.8 - 20 - 1


def test_erase_covers_one_rectangle_of_about_half_of_the_images():
    images = np.zeros((400, 48, 48), np.uint8) + np.arange(48, dtype=np.uint8)
    changed = (erase(images, np.random.default_rng(0)) != images).any(axis=(1, 2))
    assert 150 < changed.sum() < 250


def test_epoch_batches_give_every_image_once_in_an_order_of_the_epoch():
    split = make_split(n=10)
    recipe = with_settings(RECIPES["seed"], {"batch_size": 4})
    targets = build_targets(split, recipe, None)

    def images_of(epoch):
        return np.concatenate([batch.images for batch in epoch_batches(split.images, targets, recipe, epoch)])[..., 0]

    batches = list(epoch_batches(split.images, targets, recipe, 1))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    assert count_batches(10, 4) == 3
    seen = images_of(1)
    assert sorted(map(bytes, seen)) == sorted(map(bytes, split.images))
    labels = np.concatenate([batch.targets["logits"] for batch in batches]).argmax(axis=1)
    places = [next(k for k in range(10) if np.array_equal(split.images[k], image)) for image in seen]
    assert labels.tolist() == split.labels[places].tolist()
    again, other = images_of(1), images_of(2)
    assert np.array_equal(seen, again)
    assert not np.array_equal(seen, other)


def test_mixed_rows_have_the_image_and_the_target_of_two_rows_by_one_share():
    grays = np.arange(0, 250, 10, dtype=np.uint8)
    images = np.broadcast_to(grays[:, None, None, None], (25, 48, 48, 1))
    targets = {"logits": np.eye(25, dtype=np.float32)}
    batch = Batch(images, targets, {"logits": np.ones(25, np.float32)})
    mixed = mix_up(batch, 0.5, np.random.default_rng(0))
    shares = mixed.targets["logits"]
    assert np.allclose(shares.sum(axis=1), 1)
    assert (shares.argmax(axis=1) == np.arange(25)).all()
    assert ((shares > 0).sum(axis=1) == 2).sum() > 15
    assert np.abs(mixed.images[:, 0, 0, 0] - shares @ grays.astype(float)).max() <= 0.51
    assert np.array_equal(mix_up(batch, 0.5, np.random.default_rng(0)).images, mixed.images)


def test_a_row_without_a_weight_gives_nothing_to_the_target_it_is_mixed_into():
    shares = np.array([[1, 0], [0, 0]], np.float32)
    batch = Batch(np.zeros((2, 48, 48, 1), np.uint8), {"crowd": shares}, {"crowd": np.array([1, 0], np.float32)})
    for seed in range(20):
        mixed = mix_up(batch, 0.5, np.random.default_rng(seed))
        known = mixed.weights["crowd"] > 0
        assert known[0]
        assert np.allclose(mixed.targets["crowd"][known], [1, 0])


def test_a_recipe_mixes_only_where_it_says_so():
    split = make_split(n=8)
    targets = build_targets(split, RECIPES["seed"], None)
    plain, mixing = (with_settings(RECIPES["seed"], {"mixup": alpha}) for alpha in (0, 1))
    images = [next(iter(epoch_batches(split.images, targets, recipe, 1))).images for recipe in (plain, mixing)]
    assert {bytes(image) for image in images[0]} == set(map(bytes, split.images))
    assert len({bytes(image) for image in images[1]} - set(map(bytes, split.images))) > 4
