"""Is the saliency map better than chance, and how long does it take? `python -m benchmarks.bench_saliency [MODEL] [IMAGES]`.

On validation images of FER2013_CSV: the mean of the deletion curve (lower is better) and of the insertion curve (higher is
better) by the map's order of pixels, and by a smooth random one of the same coarseness; one thread. And the correlation of
the map with that of the same network with shuffled weights: near 0, as the map shows what was learned.
"""

import sys
import tempfile
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from benchmarks.random_weights import shuffle_weights
from fer_core.dataset import find_source, load_dataset
from fer_core.evaluation import bootstrap_interval, fade_curve, find_saliency, order_pixels
from fer_core.labels import IMAGE_SIZE
from fer_core.model import Classifier, load_model


def main() -> None:
    """Print the figures of 200 images, or as many as asked."""
    name, count = (sys.argv[1:] + ["studio", "200"][len(sys.argv) - 1 :])[:2]
    model = load_model(name)
    classifier = Classifier(model)
    with tempfile.TemporaryDirectory() as folder:
        shuffled = Classifier(shuffle_weights(model, Path(folder) / "shuffled"))
    split = load_dataset(find_source(None)).split("validation")
    random = np.random.default_rng(0)
    rows = []
    for at in np.linspace(0, len(split) - 1, int(count)).astype(int):
        image = np.asarray(split.images[at])
        emotion = int(classifier.predict_logits(image[None])[0].argmax())
        started = perf_counter()
        saliency = find_saliency(classifier, image)
        seconds = perf_counter() - started
        chance = cv2.resize(random.random((7, 7)), (IMAGE_SIZE, IMAGE_SIZE), interpolation=cv2.INTER_CUBIC)
        orders = (order_pixels(saliency[emotion]), order_pixels(chance))
        means = [fade_curve(classifier, image, o, emotion, insert=insert).mean() for insert in (False, True) for o in orders]
        likeness = np.corrcoef(saliency[emotion].ravel(), find_saliency(shuffled, image)[emotion].ravel())[0, 1]
        rows.append([*means, seconds, likeness])
    figures = np.array(rows)
    print(f"{name}, {len(figures)} validation images: {1000 * np.median(figures[:, 4]):.0f} ms an image (median)")
    for title, ours, theirs in (("deletion", 0, 1), ("insertion", 2, 3)):
        gain = figures[:, ours] - figures[:, theirs]
        low, high = bootstrap_interval(lambda drawn, gain=gain: gain[drawn].mean(axis=1), len(gain))
        print(
            f"{title}: {figures[:, ours].mean():.3f} by saliency, {figures[:, theirs].mean():.3f} by chance; difference "
            f"{gain.mean():+.3f} (95 % {low:+.3f} to {high:+.3f})"
        )
    low, high = bootstrap_interval(lambda drawn: figures[drawn, 5].mean(axis=1), len(figures))
    print(f"correlation with shuffled weights' map: {figures[:, 5].mean():+.3f} (95 % {low:+.3f} to {high:+.3f})")


if __name__ == "__main__":
    main()
