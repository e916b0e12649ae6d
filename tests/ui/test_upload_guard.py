import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from fer_core.ui import upload_guard
from fer_core.ui.upload_guard import ALL_BYTES, FILE_BYTES, SESSION_BYTES, UploadGuard
from tests.loops import run

PATH = "/_stcore/upload_file/{session}/file-1"


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What Streamlit holds: session, file, record."""
    storage: dict[str, dict[str, Any]] = {}
    runtime = SimpleNamespace(uploaded_file_mgr=SimpleNamespace(file_storage=storage))
    monkeypatch.setattr(upload_guard, "get_instance", lambda: runtime)
    monkeypatch.setattr(upload_guard, "_owners", {"an-owner"})
    return storage


def keep(held: dict[str, dict[str, Any]], session: str, size: int) -> None:
    """Let a session hold a file of a size, without its memory."""
    held.setdefault(session, {})[f"f{size}"] = SimpleNamespace(data=range(size))


async def answer(guard: UploadGuard, path: str, length: str | None, *, method: str = "PUT", kind: str = "http") -> int:
    """Give the status of the answer; 200 where the request came through."""
    headers = [] if length is None else [(b"content-length", length.encode())]
    scope = {"type": kind, "method": method, "path": path, "headers": headers}
    seen: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        seen.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    await guard(scope, receive, send)
    return int(seen[0]["status"])


async def through(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


def put(session: str, length: str | None) -> int:
    return run(answer(UploadGuard(through), PATH.format(session=session), length))


@pytest.mark.parametrize(
    ("length", "status"),
    [("0", 200), (str(FILE_BYTES), 200), (str(FILE_BYTES + 1), 413), (None, 411), ("-1", 411), ("many", 411), ("٣", 411)],
)
def test_guard_bounds_a_viewers_file(length: str | None, status: int, held: dict[str, Any]):
    assert put("a-viewer", length) == status


def test_guard_lets_an_owner_send_what_streamlit_takes(held: dict[str, Any]):
    assert put("an-owner", str(400 << 20)) == 200
    assert put("an-owner", None) == 200


def test_guard_bounds_what_a_session_holds(held: dict[str, Any]):
    keep(held, "a-viewer", SESSION_BYTES - 100)
    assert put("a-viewer", "100") == 200
    assert put("a-viewer", "101") == 413
    assert put("another", "101") == 200


def test_guard_bounds_what_all_viewers_hold_and_counts_no_owners(held: dict[str, Any]):
    keep(held, "an-owner", ALL_BYTES)
    assert put("a-viewer", "100") == 200
    for number in range(ALL_BYTES // SESSION_BYTES):
        keep(held, f"viewer-{number}", SESSION_BYTES)
    assert put("a-viewer", "100") == 503


def test_guard_counts_what_is_on_its_way(held: dict[str, Any]):
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        started.set()
        await go_on.wait()
        await through(scope, receive, send)

    async def scenario() -> tuple[int, int, list[int], int]:
        guard, path = UploadGuard(slow), PATH.format(session="a-viewer")
        first = [asyncio.create_task(answer(guard, path, str(FILE_BYTES))) for _ in range(2)]
        await started.wait()
        await asyncio.sleep(0)
        refused = await answer(guard, path, "1")
        go_on.set()
        ended = await asyncio.gather(*first)
        return refused, len(guard._arriving), ended, await answer(guard, path, "1")

    assert run(scenario()) == (413, 0, [200, 200], 200)


@pytest.mark.parametrize(
    ("path", "method", "kind"),
    [
        ("/_stcore/health", "PUT", "http"),
        (PATH, "DELETE", "http"),
        (PATH, "OPTIONS", "http"),
        ("/_stcore/stream", "GET", "websocket"),
    ],
)
def test_guard_leaves_everything_else_alone(path: str, method: str, kind: str, held: dict[str, Any]):
    assert run(answer(UploadGuard(through), path, None, method=method, kind=kind)) == 200


def test_guard_knows_an_upload_below_a_base_path(held: dict[str, Any]):
    assert run(answer(UploadGuard(through), "/studio" + PATH, None)) == 411


def test_note_session_knows_an_owner_as_long_as_the_session_lives(monkeypatch: pytest.MonkeyPatch, held: dict[str, Any]):
    active = {"s1"}
    monkeypatch.setattr(upload_guard, "exists", lambda: True)
    runtime = SimpleNamespace(is_active_session=active.__contains__)
    monkeypatch.setattr(upload_guard, "get_instance", lambda: runtime)
    monkeypatch.setattr(upload_guard, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id="s1"))
    for is_owner in (True, False, True):
        monkeypatch.setattr(upload_guard.roles, "is_owner", lambda is_owner=is_owner: is_owner)
        upload_guard.note_session()
        assert upload_guard._owners == ({"s1"} if is_owner else set())
    active.clear()
    monkeypatch.setattr(upload_guard.roles, "is_owner", lambda: False)
    monkeypatch.setattr(upload_guard, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id="s2"))
    upload_guard.note_session()
    assert upload_guard._owners == set()
