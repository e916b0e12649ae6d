"""Getting video through: ICE servers and their credentials, and what works between a browser and this machine."""

from fer_core.connect.asking import Answer, ask_servers
from fer_core.connect.findings import Finding, Seen, can_run_in_browser, findings_of
from fer_core.connect.ice import Ice, IceServer, ice_of, time_limited
from fer_core.connect.probe import answer_probe
from fer_core.connect.providers import SeldomAsked, ask_provider
from fer_core.connect.report import Facts, Gathered, IceError, Path, read_facts, read_gathered, read_path

__all__ = [
    "Answer",
    "Facts",
    "Finding",
    "Gathered",
    "Ice",
    "IceError",
    "IceServer",
    "Path",
    "Seen",
    "SeldomAsked",
    "answer_probe",
    "ask_provider",
    "ask_servers",
    "can_run_in_browser",
    "findings_of",
    "ice_of",
    "read_facts",
    "read_gathered",
    "read_path",
    "time_limited",
]
