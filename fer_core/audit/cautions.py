"""What makes a model's figures on some images better, or other, than they look."""

from fer_core.evaluation import FEW, Evaluation
from fer_core.labels import EMOTIONS
from fer_core.model import Model


def find_cautions(result: Evaluation, model: Model) -> list[str]:
    """Say what makes these figures better or other than they look; empty where nothing does."""
    digests = {name: known.get("digest") for name, known in model.info.data.get("splits", {}).items()}
    learned = [name for name, digest in digests.items() if digest == result.split_digest]
    if "train" in learned:
        return ["The model learned from these very images. This says how well it remembers, not how well it recognises."]
    if result.selected_on in learned:
        chose = f"These images chose the model or its epoch ({result.selected_on} split)"
        return [f"{chose}, so its figures here are a little too good."]
    if result.data_digest != model.info.data.get("digest") and not learned:
        trained_on = model.info.data.get("name", "another dataset")
        return [f"The model was trained on another dataset ({trained_on}); these figures say how far that carries."]
    return []


def find_small_cautions(result: Evaluation) -> list[str]:
    """Say where there are too few images, or emotions, for the figures to mean much.

    Args:
        result: at least one row.
    """
    found = []
    if len(result) < FEW:
        images = "1 image" if len(result) == 1 else f"{len(result)} images"
        found.append(f"Only {images}: the intervals of macro-F1 and calibration error are narrower than they should be.")
    if len(set(result.labels.tolist())) == 1:
        only = EMOTIONS[int(result.labels[0])]
        found.append(f"Every image is labelled {only}: this says nothing of how the model tells emotions apart.")
    return found
