"""Getting video through: ICE servers and their credentials, and what works between a browser and this machine."""

from fer_core.connect.asking import Answer, ask_servers
from fer_core.connect.ice import Ice, IceServer, ice_of, time_limited
from fer_core.connect.probe import answer_probe
from fer_core.connect.providers import ask_provider

__all__ = ["Answer", "Ice", "IceServer", "answer_probe", "ask_provider", "ask_servers", "ice_of", "time_limited"]
