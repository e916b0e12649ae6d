"""The one way to a dataset: from its cache, or from its source."""

from dataclasses import replace
from pathlib import Path

from fer_core.dataset.assemble import assemble_dataset
from fer_core.dataset.cache import Cache
from fer_core.dataset.sample import draw_table, sample_identity
from fer_core.dataset.source import open_source
from fer_core.dataset.split import SAMPLE, Dataset
from fer_core.dataset.table import Progress
from fer_core.errors import DatasetError
from fer_core.settings import Settings, load_settings

_READING = 0.9
_STEP = 0.01


def find_source(data: str | None) -> str:
    """Tell which dataset is meant: what was asked for, else FER2013_CSV, else the drawn sample."""
    configured = load_settings().fer2013_csv
    return data or (str(configured) if configured else SAMPLE)


def load_dataset(
    source: str | Path,
    *,
    skip_bad_rows: bool = False,
    progress: Progress | None = None,
    settings: Settings | None = None,
) -> Dataset:
    """Read a dataset; the second time its images are memory-mapped from a cache.

    Args:
        source: ``sample``, or the path of a FER2013 CSV, of an image folder, or of a zip of either.
        skip_bad_rows: leave out the rows or files that cannot be used and count them.
        progress: called in this thread with the share done (0..1) and a short sentence.
        settings: where the cache lies; read from the environment where None.

    Raises:
        DatasetError: the source is not there or is not as it should be; the message names file and line.
    """
    settings, progress = settings or load_settings(), _report_sparingly(progress)
    if str(source) == SAMPLE:
        return draw_sample(progress=progress, settings=settings)
    path = Path(source).expanduser().absolute()
    try:
        opened = open_source(path)
        cache = _open_cache(settings)
        dataset = cache.load(opened.identity, str(path))
        if dataset is None or (dataset.skipped and not skip_bad_rows):
            table = opened.read(skip_bad_rows, lambda done, what: progress(_READING * done, what))
            dataset = _keep(assemble_dataset(table, opened.name, str(path)), cache, opened.identity, progress)
    except OSError as error:
        raise DatasetError(
            f"{error.filename or path}: expected a dataset that can be read, received: {error.strerror or error}. "
            "Check the path and its permissions."
        ) from error
    progress(1.0, f"{dataset.name}: {dataset.n:,} images")
    return dataset


def draw_sample(*, progress: Progress | None = None, settings: Settings | None = None) -> Dataset:
    """Draw faces by code, the same ones each time, so that every page works with no download; cached like any dataset."""
    progress, cache = _report_sparingly(progress), _open_cache(settings or load_settings())
    dataset = cache.load(sample_identity(), SAMPLE)
    if dataset is None:
        table = draw_table(lambda done, what: progress(_READING * done, what))
        dataset = _keep(assemble_dataset(table, SAMPLE, SAMPLE), cache, sample_identity(), progress)
    progress(1.0, f"{dataset.name}: {dataset.n:,} images")
    return dataset


def _open_cache(settings: Settings) -> Cache:
    return Cache(settings.home / "cache" / "datasets")


def _keep(dataset: Dataset, cache: Cache, identity: str, progress: Progress) -> Dataset:
    """Store a dataset and give back the memory-mapped one; where nothing can be written, itself, with a note."""
    progress(_READING, f"Storing {dataset.n:,} images for the next time")
    try:
        cache.store(identity, dataset)
    except OSError as error:
        note = f"It could not be cached ({error.strerror or error}), so that each load takes as long as the first."
        return replace(dataset, notes=(*dataset.notes, note))
    return cache.load(identity, dataset.source) or dataset


def _report_sparingly(progress: Progress | None) -> Progress:
    """Pass on what is at least a hundredth further than the last; to nobody where there is no callback."""
    reported = -1.0

    def report(share: float, what: str) -> None:
        nonlocal reported
        if progress is not None and (share >= 1 or share - reported >= _STEP):
            reported = share
            progress(share, what)

    return report
