"""What may be uploaded by whom, decided before a byte of it is read.

Streamlit takes a file from everybody who has a page open, whether that page asked for one or not, and keeps it in memory. So a
viewer's files are bound by size, by session and over all viewers; an owner's by ``server.maxUploadSize`` alone.
"""

import re
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fer_core.ui import roles

PICTURE_MB = 50
"""Largest picture that the live page takes; viewers bring nothing else."""
FILE_BYTES = (PICTURE_MB << 20) + (1 << 20)
"""Of one upload of a viewer, with what the browser writes around the file."""
SESSION_BYTES = 2 * FILE_BYTES
ALL_BYTES = 20 * FILE_BYTES
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")
_owners: set[str] = set()


def note_session() -> None:
    """Note whether an owner is before the page that runs; every page calls it."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not exists():
        return
    is_active = get_instance().is_active_session
    _owners.difference_update([session for session in _owners if not is_active(session)])
    if roles.is_owner():
        _owners.add(context.session_id)
    else:
        _owners.discard(context.session_id)


class UploadGuard:
    """ASGI middleware before Streamlit's own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._arriving: list[tuple[str, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer an upload that is too much."""
        found = _UPLOAD.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if found is None or found[1] in _owners:
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "")
        refusal = self._refusal(found[1], said)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        entry = (found[1], int(said))
        self._arriving.append(entry)
        try:
            await self._app(scope, receive, send)
        finally:
            self._arriving.remove(entry)

    def _refusal(self, session: str, said: str) -> PlainTextResponse | None:
        if not (said.isascii() and said.isdigit()):
            return PlainTextResponse("Expected a Content-Length, received none. Send the file with its size.", 411)
        size = int(said)
        if size > FILE_BYTES:
            text = f"Expected at most {PICTURE_MB} MB from a viewer, received {size >> 20} MB. Give a smaller file."
            return PlainTextResponse(text, 413)
        stored = _stored_bytes()
        mine = stored.get(session, 0) + sum(length for owner, length in self._arriving if owner == session)
        everybodys = sum(stored.values()) + sum(length for _, length in self._arriving)
        if mine + size > SESSION_BYTES:
            return PlainTextResponse("Expected fewer files at once. Remove one, or reload the page.", 413)
        if everybodys + size > ALL_BYTES:
            return PlainTextResponse("Expected fewer files of all viewers at once. Try again in a minute.", 503)
        return None


def _stored_bytes() -> dict[str, int]:
    """Sum what Streamlit holds for each session of a viewer."""
    files: Any = get_instance().uploaded_file_mgr
    held = list(files.file_storage.items())
    return {session: sum(len(file.data) for file in list(kept.values())) for session, kept in held if session not in _owners}
