"""All runs: which are chosen, the table, and several compared."""

from collections.abc import Sequence
from typing import Any, get_args

import pandas as pd
import streamlit as st

from fer_core import charts, runs
from fer_core.charts.training import Measure
from fer_core.errors import RunError
from fer_core.runs import Run
from fer_core.ui.durations import spoken
from fer_core.ui.frame import enter_app
from fer_core.ui.show_training import STATES
from fer_core.ui.words import percent

POLL_S = 6.0
"""Time between two looks at the table while a training goes on."""
MOST_COMPARED = 7
"""As many as there are colours."""


def pick_runs() -> list[Run]:
    """Give the runs that the link names; without one the run that goes on, else the newest; none where there is none."""
    enter_app()
    chosen = []
    for run_id in _linked():
        try:
            chosen.append(runs.load_run(run_id))
        except RunError:
            st.warning(f"The link names run {run_id[:60]!r}, whose folder is not here any more. Choose another below.")
    if chosen:
        return chosen[:MOST_COMPARED]
    every = runs.list_runs()
    going = [run for run in every if run.state in ("running", "stopping")]
    return (going or every)[:1]


def table() -> None:
    """List all runs; chosen rows go into the link. Looks again every few seconds while a training goes on."""
    going = any(run.is_active for run in runs.list_runs())
    st.fragment(_table, run_every=POLL_S if going else None)()


def _table() -> None:
    every = runs.list_runs()
    if not every:
        return
    st.subheader("Runs", anchor=False)
    ids = [run.id for run in every]
    linked = [run_id for run_id in _linked() if run_id in ids]
    event: Any = st.dataframe(
        runs_table(every),
        hide_index=True,
        column_config=_columns(),
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [ids.index(run_id) for run_id in linked]}},
        placeholder="–",
        key=f"runs-{len(ids)}-{ids[0]}",
        alt="All trainings, the newest first",
    )
    st.caption("Tick one to see it above, several to compare them.")
    ticked = [ids[row] for row in event.selection.rows if row < len(ids)]
    if sorted(ticked) != sorted(linked):
        _link(ticked)
        st.rerun()


def runs_table(every: Sequence[Run]) -> pd.DataFrame:
    """Build the table of runs, a row each."""
    rows = [
        {
            "started": pd.Timestamp(run.created_s, unit="s", tz="UTC"),
            "recipe": run.recipe,
            "state": STATES[run.state][0] + (f", {run.queue_position} in the queue" if run.queue_position else ""),
            "epochs": f"{run.epochs_done} of {run.epochs}",
            "best": None if run.best_validation is None else 100 * run.best_validation,
            "accuracy": [100 * line["val_accuracy"] for line in _history(run)],
            "time": spoken(run.seconds),
            "data": run.data_name,
            "id": run.id,
        }
        for run in every
    ]
    return pd.DataFrame(rows)


def compare(chosen: Sequence[Run]) -> None:
    """Lay several runs' curves over each other, and list the settings in which they differ."""
    st.subheader(f"{len(chosen)} runs compared", anchor=False)
    histories = {short_name(run): _history(run) for run in chosen}
    for measure in get_args(Measure):
        figure = charts.training_curves(histories, measure=measure)
        st.plotly_chart(figure, key=f"compare-{measure}", alt=f"{measure.capitalize()} of {', '.join(histories)} by epoch")
    st.caption("Dotted: training, dropout and augmentation on. Solid: validation after each epoch.")
    st.markdown("**Where they differ**")
    st.dataframe(differences(chosen), height="content", alt="Settings and results in which the runs differ")


def differences(chosen: Sequence[Run]) -> pd.DataFrame:
    """List results, and the settings in which runs differ: a row each, a column a run."""
    columns: dict[str, dict[str, str]] = {}
    keys = [key for key in chosen[0].settings if key not in ("name", "summary")]
    differing = [key for key in keys if len({str(run.settings.get(key)) for run in chosen}) > 1]
    for run in chosen:
        results = {
            "best on validation": "–" if run.best_validation is None else percent(run.best_validation),
            "epochs done": str(run.epochs_done),
            "time trained": spoken(run.seconds),
        }
        if len({other.data_digest or other.data for other in chosen}) > 1:
            results["dataset"] = run.data_name or "–"
        columns[short_name(run)] = results | {key.replace("_", " "): _value(run.settings.get(key)) for key in differing}
    return pd.DataFrame(columns)


def short_name(run: Run) -> str:
    """Name a run in a legend: its recipe and the end of its id."""
    return f"{run.recipe} {run.id[-4:]}"


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value) or "none"
    return "–" if value is None else str(value)


def _history(run: Run) -> list[dict[str, Any]]:
    try:
        return runs.read_history(run.id)
    except RunError:
        return []


def _linked() -> list[str]:
    return list(dict.fromkeys(st.query_params.get_all("run")))


def _link(ids: Sequence[str]) -> None:
    if ids:
        st.query_params["run"] = list(ids)
    else:
        st.query_params.pop("run", None)


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "started": column.DatetimeColumn("started", format="calendar"),
        "best": column.NumberColumn("best on validation", format="%.1f %%", help="Highest validation accuracy of an epoch."),
        "accuracy": column.LineChartColumn("validation accuracy", y_min=0, y_max=100, help="By epoch, 0 to 100 %."),
        "data": "dataset",
    }
