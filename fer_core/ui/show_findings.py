"""What the protocol check found, of a model or of a file."""

import json
from collections.abc import Sequence

import streamlit as st

from fer_core.audit import Finding
from fer_core.ui import words

_NAMES = {
    "split": "The split",
    "rows": "Its rows",
    "swapped": "Splits under their own names",
    "copies": "Copies of training images",
    "label_order": "The order of the labels",
    "logits": "One softmax",
    "rescaling": "The range of the pixels",
    "selection": "What chose the weights",
    "interval": "The interval",
    "notebook": "The notebook's mistake",
}


def verdict(found: Sequence[Finding]) -> None:
    """Say how many checks find a fault."""
    faults = sum(not finding.ok for finding in found)
    st.markdown(f"**{faults or 'None'} of {len(found)} checks {'find' if faults > 1 else 'finds'} a fault.**")


def lines(found: Sequence[Finding], name: str) -> None:
    """Show each check's answer, and offer all as a file.

    Args:
        found: by the checks, in their order.
        name: of the file, without ending.
    """
    st.markdown("\n\n".join(_line(finding) for finding in found))
    rows = [(finding.check, finding.ok, finding.summary, json.dumps(finding.figures)) for finding in found]
    words.download_csv("Findings as CSV", name, ("check", "ok", "finding", "figures"), rows)


def _line(found: Finding) -> str:
    mark = ":green[:material/check_circle:]" if found.ok else ":red[:material/error:] Fault:"
    return f"{mark} **{_NAMES[found.check]}**. {found.summary}"
