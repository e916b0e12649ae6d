"""The dataset page's parts: what was read, how it is distributed, what its faces look like on average."""

import numpy as np
import streamlit as st

from fer_core import charts
from fer_core.dataset import Dataset, Split
from fer_core.dataset.statistics import imbalance_factor
from fer_core.errors import DatasetError, FerError
from fer_core.labels import EMOTIONS
from fer_core.ui import actions, load, pick, pictures, roles, show, words
from fer_core.ui.sources import LEFT_OUT, DataSource
from fer_core.ui.statistics import QUANTILES, Statistics, measure

_CHART = {"displayModeBar": False}
DRAWN = "Drawn by code: these are no photographs, and no figure on them says anything of people."
NOT_SHARED = (
    "The images of this dataset are not shown to viewers: its terms allow research, not publication. "
    "Whoever runs the app shares them with FER_SHARE_DATA=1. The figures on this page are all of it."
)


def read(source: DataSource) -> Dataset:
    """Load the chosen dataset; where its rows are bad, offer to leave them out, and stop."""
    try:
        return load.dataset(source)
    except DatasetError as error:
        show.error_box(error)
        if not source.skip_bad_rows:
            st.button("Leave bad rows out", on_click=_leave_out, args=(source.id,), icon=":material/filter_alt:")
        _forget_button(source)
        st.stop()


def facts(data: Dataset, source: DataSource) -> None:
    """Show the sizes, and everything a person should know of how it was read."""
    counts = data.counts()
    with st.grid(len(counts) + 2, min_column_width=130, gap="small"):
        st.metric("Images", f"{data.n:,}", border=True)
        for name, values in counts.items():
            st.metric(name.capitalize(), f"{int(values.sum()):,}", border=True)
        st.metric(
            "Imbalance",
            _imbalance(imbalance_factor(np.stack(list(counts.values())))),
            border=True,
            help="Images of the most frequent emotion for each one of the rarest, all splits together.",
        )
    if data.is_sample:
        st.info(DRAWN, icon=":material/draw:")
    for note in notes(data):
        st.info(note, icon=":material/info:")
    st.caption(f"{source.title} · SHA-256 of all rows `{data.digest[:16]}`")
    if source.skip_bad_rows and source.id in st.session_state.get(LEFT_OUT, ()):
        st.button("Read all rows strictly", on_click=_leave_out, args=(source.id,), icon=":material/filter_alt_off:")
    _forget_button(source)


def notes(data: Dataset) -> list[str]:
    """Say how it was read: what was left out and converted, and what the reader itself noted."""
    said = []
    if data.skipped:
        said.append(f"{data.skipped:,} rows or files could not be used and were left out. They are in no figure here.")
    if data.converted:
        said.append(f"{data.converted:,} pictures were converted to 48 × 48 gray.")
    return [*said, *data.notes]


def distribution(data: Dataset) -> None:
    """Show counts by emotion and split, as count or share."""
    counts = data.counts()
    by = pick.choice("bars", "Show as", ("count", "share"), look="buttons")
    st.plotly_chart(
        charts.distribution(counts, by=by),  # type: ignore[arg-type]
        config=_CHART,
        alt=_distribution_alt(counts),
        key="distribution",
    )
    total = np.sum(list(counts.values()), axis=0)
    most, least = EMOTIONS[int(total.argmax())], EMOTIONS[int(total.argmin())]
    st.caption(
        f"Most frequent: {most} ({words.percent(total.max() / total.sum())}); rarest: {least} "
        f"({words.percent(total.min() / total.sum())}). n = {data.n:,}. "
        f"Naming everything {most} would already be right that often."
    )
    words.download_csv("Counts as CSV", f"{data.name}-counts", ("split", "emotion", "images", "share"), _count_rows(counts))


def light(split: Split, found: Statistics) -> None:
    """Show how bright and how contrasted the images of each emotion are."""
    left, right = st.columns(2, gap="medium")
    for place, name, values in ((left, "brightness", found.brightness), (right, "contrast", found.contrast)):
        with place:
            st.plotly_chart(
                charts.spread(values, x_title=f"{name} (gray levels)"),
                config=_CHART,
                key=name,
                alt=_light_alt(name, values),
            )
    st.caption(
        f"Mean and standard deviation of each image's pixels, {split.name} split, n = {len(split):,}. "
        "Line: middle 90 % of the images; box: middle half; stroke: median."
    )
    words.download_csv("Light as CSV", f"{split.name}-light", ("figure", "emotion", *_QUANTILE_NAMES), _light_rows(found))


def average_faces(data: Dataset, split: Split, found: Statistics) -> None:
    """Show each emotion's mean face, and where its faces vary."""
    if not roles.may_see_images(data):
        st.caption("Mean faces are images of this dataset too, which viewers do not see.")
        return
    counts = split.counts()
    least, most = float(np.nanmin(found.variation)), float(np.nanmax(found.variation))
    stretched = (found.variation - least) * (255 / max(most - least, 1.0))
    columns = "".join(_face_column(emotion, found.mean[k], stretched[k], int(counts[k])) for k, emotion in enumerate(EMOTIONS))
    st.html(f'<div class="fer-wall fer-averages">{columns}</div>')
    st.caption(
        f"Above: the mean of all faces of an emotion, {split.name} split. Below: how much each pixel varies, "
        f"black being a standard deviation of {least:.0f} gray levels and white one of {most:.0f}."
    )


def statistics(split: Split) -> Statistics:
    """Measure a split behind a skeleton."""
    with st.skeleton(height=320):
        return measure(split)


def _face_column(emotion: str, mean: np.ndarray, variation: np.ndarray, n: int) -> str:
    head = f"<p>{pictures.chip(emotion)}</p>"
    if not n:
        return f"<div>{head}<small>no image</small></div>"
    above = pictures.face(mean.round().astype(np.uint8), f"mean of {n:,}", f"Mean of {n} {emotion} faces")
    below = pictures.face(variation.clip(0, 255).astype(np.uint8), "variation", f"Variation of {n} {emotion} faces")
    return f"<div>{head}{above}{below}</div>"


def _leave_out(source_id: str) -> None:
    st.session_state[LEFT_OUT] = frozenset(st.session_state.get(LEFT_OUT, frozenset()) ^ {source_id})


def _forget_button(source: DataSource) -> None:
    if source.kind not in ("upload", "server") or not roles.is_owner():
        return
    label = "Delete this upload" if source.kind == "upload" else "Forget this path"
    with st.popover(label, icon=":material/delete:"):
        st.write("The copy of the file is deleted." if source.kind == "upload" else "The files stay where they are.")
        st.button("Yes, remove it", on_click=_forget, args=(source,), type="primary")


def _forget(source: DataSource) -> None:
    try:
        actions.forget_dataset(source)
    except FerError as error:
        st.toast(str(error))


_QUANTILE_NAMES = tuple(f"p{100 * share:.0f}" for share in QUANTILES)


def _imbalance(factor: float) -> str:
    if factor != factor:
        return "–"
    return "∞" if factor == float("inf") else f"{factor:.1f} : 1"


def _count_rows(counts: dict[str, np.ndarray]) -> list[tuple[object, ...]]:
    return [
        (split, emotion, int(values[k]), round(float(values[k] / max(values.sum(), 1)), 5))
        for split, values in counts.items()
        for k, emotion in enumerate(EMOTIONS)
    ]


def _light_rows(found: Statistics) -> list[tuple[object, ...]]:
    return [
        (name, emotion, *(round(float(value), 2) for value in values[k]))
        for name, values in (("brightness", found.brightness), ("contrast", found.contrast))
        for k, emotion in enumerate(EMOTIONS)
    ]


def _distribution_alt(counts: dict[str, np.ndarray]) -> str:
    total = np.sum(list(counts.values()), axis=0)
    return "Images of each emotion: " + ", ".join(f"{emotion} {n:,}" for emotion, n in zip(EMOTIONS, total, strict=True))


def _light_alt(name: str, values: np.ndarray) -> str:
    medians = ", ".join(f"{emotion} {values[k, 2]:.0f}" for k, emotion in enumerate(EMOTIONS) if values[k, 2] == values[k, 2])
    return f"Median {name} in gray levels: {medians}"
