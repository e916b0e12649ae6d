"""The connection check of one viewer: what the page reports, what servers answer, and whether anything comes through."""

import threading
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Literal

from fer_core.connect import (
    Answer,
    Finding,
    Ice,
    Seen,
    answer_probe,
    ask_servers,
    can_run_in_browser,
    findings_of,
    read_facts,
    read_gathered,
    read_path,
)
from fer_core.connect.asking import WAIT_S
from fer_core.settings import load_settings
from fer_core.ui.live_ice import IceNow
from fer_core.ui.mine import mine

LONGEST_S = 25.0
"""A check whose page has not reported by then is over."""
FRESH_S = 12.0
"""What servers answered is not asked for again within this time: aiortc holds a START up for 5 s where they are away."""
KEY = "connection-check"
_CHECK = "live_check"

Mode = Literal["server", "browser"]
"""Where live video is recognised."""
Camera = Literal["idle", "asking", "given", "stopped", "failed"]


class Check:
    """What is known of one viewer's connection. Its methods run in the page's thread."""

    def __init__(self) -> None:
        self.session = uuid.uuid4().hex
        self.asked = 0
        """How often the network was to be checked."""
        self.seen = Seen(Ice())
        self.camera: Camera = "idle"
        self.taken_over = False
        """Whether video was on before this session began: the server was started anew under a page that stayed."""
        self.given_s: float | None = None
        """When the browser gave the camera; None while it is off."""
        self._heard = False
        self._told: object = None
        """The number of what the page last said of the camera."""
        self._left: object = None
        """That number when the player was left: what it said then is not of the next one."""
        self.shown: tuple[str, ...] = ()
        """Where it is recognised and which parts are in the way, as the viewer was last shown."""
        self._begun_s = float("-inf")
        self._configuration: dict[str, Any] | None = None
        self._answer: dict[str, Any] | None = None
        self._answers: Future[tuple[Answer, ...]] | None = None
        self._ahead: tuple[float, Future[tuple[Answer, ...]]] | None = None
        """When the servers were asked at START, and what they answer."""

    def use(self, now: IceNow) -> None:
        """Judge these servers; what was found of other ones is forgotten."""
        if now.ice != self.seen.ice or now.trouble != self.seen.trouble:
            if self.seen.ice.servers or self.asked:
                self._forget()
            self._ahead = None
            self.seen = replace(self.seen, ice=now.ice, trouble=now.trouble)

    def look_ahead(self, *, active: bool) -> None:
        """Ask the servers at START, while video is on its way: where none comes, what they answered is then there."""
        if not active:
            self._ahead = None
        elif self._ahead is None and self.seen.ice.servers:
            self._ahead = time.monotonic(), _ask(self.seen.ice)

    def begin(self) -> None:
        """Check the network: this machine asks the servers, and the page, when it is drawn next, looks for its ways out."""
        self._forget()
        self.asked += 1
        self._begun_s = time.monotonic()
        self._configuration = self.seen.ice.configuration()
        if self._ahead and self._begun_s - self._ahead[0] < FRESH_S:
            self._answers = self._ahead[1]
        else:
            self._answers = _ask(self.seen.ice)

    @property
    def running(self) -> bool:
        """Say whether a check is under way."""
        return self._configuration is not None and time.monotonic() - self._begun_s < LONGEST_S

    @property
    def flows(self) -> bool | None:
        """Say whether something comes through to the server; None where it was not tried."""
        return None if self.seen.path is None else self.seen.path.state == "open"

    @property
    def browser_can(self) -> bool:
        """Say whether recognition inside the browser would work."""
        return can_run_in_browser(self.seen.facts)

    def findings(self, *, soon: bool = False) -> tuple[Finding, ...]:
        """Judge all parts with what is known now; ``soon``: with what servers answered before the page has reported, too."""
        may_choose = self.browser_can and load_settings().live_mode != "server"
        answers = self.seen.answers
        if soon and answers is None and self._answers and self._answers.done() and not self._answers.exception():
            answers = self._answers.result()
        return findings_of(replace(self.seen, answers=answers, now_s=time.time(), may_choose=may_choose))

    def data(self) -> dict[str, Any]:
        """Give what the page is passed."""
        return {"session": self.session, "ask": self.asked, "configuration": self._configuration, "answer": self._answer}

    def take_facts(self, given: Any) -> None:
        """Take what the page says of its browser."""
        self.seen = replace(self.seen, facts=read_facts(given))

    def take_camera(self, given: Any) -> None:
        """Take what became of the camera."""
        number = given.get("n") if isinstance(given, Mapping) else None
        if number is not None and number == self._left:
            return
        self._told = number
        state = str(given.get("state", "")) if isinstance(given, Mapping) else ""
        known: dict[str, Camera] = {"idle": "idle", "asking": "asking", "given": "given", "stopped": "stopped"}
        before, self.camera = self.camera, known.get(state, "failed")
        if self.camera != "given":
            self.given_s = None
        elif before != "given":
            self.given_s = time.monotonic()
        self.taken_over = self.camera == "given" and (self.taken_over or not self._heard)
        self._heard = True
        error = state if self.camera == "failed" and state.isalpha() else ""
        self.seen = replace(self.seen, camera_error=error[:40])

    def leave(self) -> None:
        """Forget the camera of a player that is not on the page any more."""
        self.camera, self.given_s, self.taken_over, self._left = "idle", None, False, self._told

    def take_ways(self, given: Any) -> None:
        """Take the ways out that the page found, and answer its probe."""
        gathered = read_gathered(given)
        if gathered is None or given.get("ask") != self.asked or self._answers is None:
            return
        answers = self._answers.result()
        self.seen = replace(self.seen, gathered=gathered, answers=answers)
        working = self.seen.ice.only({answer.url for answer in answers if answer.outcome == "works"})
        self._answer = {"ask": self.asked, "sdp": answer_probe(str(given.get("sdp", "")), working)}

    def take_path(self, given: Any) -> None:
        """Take whether the probe came through; that ends the check."""
        path = read_path(given)
        if path is not None and given.get("ask") == self.asked:
            self.seen = replace(self.seen, path=path)
            self._configuration = self._answer = None

    def _forget(self) -> None:
        self.seen = replace(self.seen, answers=None, gathered=None, path=None)
        self._configuration = self._answer = self._answers = None


def _ask(ice: Ice) -> "Future[tuple[Answer, ...]]":
    """Ask the servers in the background."""
    answers: Future[tuple[Answer, ...]] = Future()

    def ask() -> None:
        try:
            answers.set_result(ask_servers(ice, wait_s=WAIT_S))
        except Exception as error:  # raised where the answers are read
            answers.set_exception(error)

    threading.Thread(target=ask, name="ask-servers", daemon=True).start()
    return answers


def my_check() -> Check:
    """Give this session's check."""
    return mine(_CHECK, Check)
