"""The dataset page's part on quality: what to look at, side by side, and what training shall leave out."""

import numpy as np
import streamlit as st

from fer_core import charts
from fer_core.audit import Flag, count_agreement
from fer_core.dataset import Dataset, Votes
from fer_core.errors import FerError
from fer_core.labels import EMOTIONS
from fer_core.ui import actions, find, load, pick, roles, show, show_audit, words
from fer_core.ui.gallery import Tile, make_tile, show_gallery
from fer_core.ui.sources import DataSource

_CHART = {"displayModeBar": False}
_PER_PAGE = 24
_PAGE = "flagged"


def quality(data: Dataset, source: DataSource) -> None:
    """Show each flag's count, the images of the picked one, how far labels and voters agree, and the search for more."""
    votes = load.votes(data)
    audit = find.audit(data)
    flags = find.flags(data)
    with st.grid(len(flags), min_column_width=140, gap="small"):
        for flag in flags:
            st.metric(flag.short, f"{len(flag.rows):,}", border=True, help=f"{flag.title}. {flag.meaning}")
    titles = {flag.title: flag for flag in flags}
    flag = titles[pick.choice("flag", "Look at", list(titles))]
    _images(data, flag)
    _leave_out(data, flag)
    show_audit.search(data, source, audit, votes)
    if votes is not None:
        _agreement(data, votes)


def _images(data: Dataset, flag: Flag) -> None:
    groups = "" if flag.group is None else f" in {int(flag.group.max(initial=0)):,} groups"
    st.markdown(f"**{len(flag.rows):,} images{groups}.** {flag.meaning}")
    if not len(flag.rows):
        return
    if roles.may_see_images(data):
        pages = -(-len(flag.rows) // _PER_PAGE)
        page = st.pagination(pages, key=_PAGE, bind="query-params") if pages > 1 else 1
        start = (min(page, pages) - 1) * _PER_PAGE
        clicked = show_gallery((_tile(data, flag, at) for at in range(start, min(start + _PER_PAGE, len(flag.rows)))), "flag")
        if clicked is not None:
            st.query_params["row"] = str(clicked)
    header = ("row", "split", "label", "group", "note")
    words.download_csv("These rows as CSV", f"{data.name}-{flag.name}", header, _table(data, flag))


def _table(data: Dataset, flag: Flag) -> list[tuple[object, ...]]:
    """Give row, split, label, group and note of all flagged rows, in order; split by split, as there may be thousands."""
    names, labels = np.empty(len(flag.rows), object), np.zeros(len(flag.rows), int)
    for name, split in data.splits.items():
        inside = np.isin(flag.rows, split.rows)
        names[inside] = name
        labels[inside] = split.labels[np.searchsorted(split.rows, flag.rows[inside])]
    groups = [""] * len(flag.rows) if flag.group is None else flag.group.tolist()
    emotions = [EMOTIONS[label] for label in labels.tolist()]
    notes = [", ".join(lines) for lines in flag.notes] if flag.notes else [""] * len(flag.rows)
    return list(zip(flag.rows.tolist(), names.tolist(), emotions, groups, notes, strict=True))


def _tile(data: Dataset, flag: Flag, at: int) -> Tile:
    row = int(flag.rows[at])
    group = [] if flag.group is None else [f"group {flag.group[at]}"]
    notes = () if flag.notes is None else flag.notes[at]
    return make_tile(data.image(row), row, data.label(row), data.split_of(row).name, *group, *notes)


def _leave_out(data: Dataset, flag: Flag) -> None:
    """Offer to keep the flag's training rows as a list that training leaves out."""
    if not len(flag.leave_out) or not roles.is_owner():
        return
    with st.popover(f"Leave {len(flag.leave_out):,} of train out", icon=":material/filter_alt:"):
        st.write("Keeps these training rows as a list under a name; a training that names it leaves them out and says so.")
        name = st.text_input("Name", value=flag.name.replace("_", "-"), key=f"list-{flag.name}", max_chars=40)
        st.button("Save the list", key=f"save-{flag.name}", on_click=_save, args=(data, flag, name), type="primary")


def _save(data: Dataset, flag: Flag, name: str) -> None:
    try:
        actions.save_exclusion(name, data, flag.leave_out, note=flag.title)
    except FerError as error:
        st.toast(str(error), icon=":material/error:")
        return
    st.toast(f"{name}: {len(flag.leave_out):,} rows. Choose it on the training page.", icon=":material/check:")


def _agreement(data: Dataset, votes: Votes) -> None:
    """Show where labels and the crowd's majority agree, and where labels go."""
    counts = count_agreement(data, votes)
    n, agreed = int(counts.sum()), int(np.trace(counts))
    if not n:
        return
    st.subheader("Do people see what the label says?", anchor=False)
    best = np.diag(counts) / np.maximum(counts.sum(axis=1), 1)
    st.markdown(
        f"The crowd's majority is the label in **{words.percent(agreed / n)}** of the {n:,} images that have one: most often "
        f"for {EMOTIONS[int(best.argmax())]} ({words.percent(float(best.max()), 0)}), least for {EMOTIONS[int(best.argmin())]} "
        f"({words.percent(float(best.min()), 0)})."
    )
    st.plotly_chart(
        charts.confusion(counts, normalise="true", ink=show.ink(), titles=("what most voters saw", "label")),
        key="agreement",
        config=_CHART,
        alt=f"Labels against what most voters saw: they agree in {words.percent(agreed / n)} of {n:,} images.",
    )
    st.caption("Of each label (a row), the percent of images in which most voters saw each emotion; all splits together.")
    rows = [(label, *map(int, counts[k])) for k, label in enumerate(EMOTIONS)]
    words.download_csv("Agreement as CSV", f"{data.name}-agreement", ("label", *EMOTIONS), rows)
