import math

import pytest

from fer_core.connect import IceError, read_facts, read_gathered, read_path
from fer_core.connect.report import MOST_CHARACTERS, MOST_ERRORS

WHOLE = {"secure": True, "media": True, "framed": False, "permission": "prompt", "cameras": 2, "webrtc": True}


def test_read_facts_takes_what_a_page_says():
    facts = read_facts({**WHOLE, "wasm": True, "simd": True, "webgpu": False})
    assert facts is not None
    assert (facts.secure, facts.framed, facts.permission, facts.cameras, facts.simd, facts.webgpu) == (
        *(True, False, "prompt", 2),
        *(True, False),
    )


@pytest.mark.parametrize("given", [None, 3, "facts", []])
def test_what_is_no_report_is_none(given):
    assert (read_facts(given), read_gathered(given), read_path(given)) == (None, None, None)


@pytest.mark.parametrize("cameras", ["2", -1, True, 1000, 1.5, None])
def test_read_facts_believes_no_nonsense(cameras):
    facts = read_facts({"secure": "yes", "permission": "<script>", "cameras": cameras})
    assert facts is not None
    assert (facts.secure, facts.permission, facts.cameras) == (False, "unknown", None)


def test_read_gathered_counts_and_bounds():
    errors = [{"url": "turn:a", "code": 401, "text": "Unauthorized\n" + "x" * 999}] * 99 + [{"code": "401"}]
    ways = read_gathered({"counts": {"host": 2, "relay": 0, "srflx": "1", "other": 5}, "errors": errors})
    assert ways is not None
    assert ways.counts == {"host": 2}
    assert len(ways.errors) == MOST_ERRORS
    assert ways.errors[0].text.startswith("Unauthorizedxx")
    assert len(ways.errors[0].text) == MOST_CHARACTERS
    assert read_gathered({"counts": {}, "errors": [{"url": "u", "code": 701}]}).errors == (IceError("u", 701, ""),)


@pytest.mark.parametrize(("ms", "read"), [(12.5, 12.5), (math.nan, 0.0), (-1, 0.0), ("9", 0.0), (math.inf, 0.0)])
def test_read_path_takes_a_time(ms, read):
    path = read_path({"state": "open", "ms": ms, "way": "relay"})
    assert path is not None
    assert (path.state, path.ms, path.way) == ("open", read, "relay")
    assert read_path({"state": "perhaps"}) is None
