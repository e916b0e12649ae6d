"""What is taken home from the live page: a recording as numbers and, if asked, pictures; its summary; the last minute."""

from fer_core.session.clip import Clip, ClipProgress
from fer_core.session.content import Mark, ModelUsed, Session
from fer_core.session.export import COLUMNS, read_table, to_csv, to_parquet, to_table
from fer_core.session.ids import UniqueIds
from fer_core.session.mp4 import make_mp4
from fer_core.session.recorder import Progress, Recorder
from fer_core.session.summary import Change, FaceSummary, Summary, summarise
from fer_core.session.timeline import Lane, Recent, Timeline

__all__ = [
    "COLUMNS",
    "Change",
    "Clip",
    "ClipProgress",
    "FaceSummary",
    "Lane",
    "Mark",
    "ModelUsed",
    "Progress",
    "Recent",
    "Recorder",
    "Session",
    "Summary",
    "Timeline",
    "UniqueIds",
    "make_mp4",
    "read_table",
    "summarise",
    "to_csv",
    "to_parquet",
    "to_table",
]
