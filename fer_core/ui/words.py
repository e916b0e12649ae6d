"""Figures in words and as CSV: the same spelling on every page."""

import csv
import io
from collections.abc import Iterable, Sequence

import streamlit as st

from fer_core.evaluation import Evaluation, Figure


def percent(value: float, digits: int = 1) -> str:
    """Spell a share of 0..1; a dash where there is none."""
    return "–" if value != value else f"{100 * value:.{digits}f} %"


def interval(figure: Figure) -> str:
    """Spell the 95 % interval of a share."""
    return "–" if figure.low != figure.low else f"{100 * figure.low:.1f} to {100 * figure.high:.1f} %"


def short_interval(figure: Figure) -> str:
    """Spell a share and its 95 % interval for a narrow column headed by the unit."""
    return f"{100 * figure.value:.1f} ({100 * figure.low:.0f}–{100 * figure.high:.0f})" if figure.low == figure.low else "–"


def file_name(result: Evaluation, what: str) -> str:
    """Name a file of an evaluation's figures, without ending."""
    against = "" if result.against == "label" else f"-{result.against}"
    return f"{result.model_name}-{result.split}{against}-{what}"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV with a header line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def download_csv(label: str, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Offer the figures behind a chart.

    Args:
        label: what they are, as the button says it.
        name: of the file, without ending.
        header: names of the columns.
        rows: the values.
    """
    st.download_button(
        label,
        csv_text(header, rows),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"download-{name}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
