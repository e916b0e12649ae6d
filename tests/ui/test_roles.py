import pytest

from fer_core.errors import NotAllowedError
from fer_core.settings import load_settings
from fer_core.ui import identity, roles
from fer_core.ui.identity import Person
from fer_core.ui.roles import role_of
from tests.builders import make_dataset, make_split

HERE = ("Host", "localhost:8501")
FORWARDED = [("Host", "studio.example.org"), ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https")]


@pytest.mark.parametrize("address", ["localhost", "LOCALHOST", "127.0.0.1", "127.0.0.2", "::1", "[::1]"])
@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8501", "LocalHost:80", "127.0.0.1", "127.0.0.1:8501", "[::1]", "[::1]:8501", "::1"]
)
def test_role_of_calls_a_local_request_to_a_loopback_app_the_owner(address: str, host: str):
    assert role_of([("host", host), ("Origin", "http://localhost")], address, load_settings()) == "owner"


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.4", "example.org", "unix:///run/app.sock"])
def test_role_of_calls_everybody_a_viewer_where_the_app_listens_beyond_loopback(address: str | None):
    assert role_of([HERE], address, load_settings()) == "viewer"


@pytest.mark.parametrize(
    "host",
    [
        "",
        "example.org",
        "localhost.example.org",
        "localhost.example.org:8501",
        "localhost:8501.example.org",
        "127.0.0.1.nip.io",
        "127.0.0.2",
        "localhost.",
        "localhost:",
        "localhost:port",
        "localhost:８５０１",
        "user@localhost",
        "0.0.0.0",
        "localhost\nexample.org",
        "[::1",
        "::1:8501",
        "192.168.1.4:8501",
    ],
)
def test_role_of_calls_a_request_for_another_host_a_viewers(host: str):
    assert role_of([("Host", host)], "localhost", load_settings()) == "viewer"


@pytest.mark.parametrize(
    "name",
    [
        "Forwarded",
        "forwarded",
        "X-Forwarded-For",
        "x-forwarded-host",
        "X-FORWARDED-PROTO",
        "X-Forwarded",
        "X-Forwarded-Anything",
        "Via",
        "X-Real-IP",
    ],
)
@pytest.mark.parametrize("value", ["", "127.0.0.1", "for=127.0.0.1"])
def test_role_of_calls_a_forwarded_request_a_viewers(name: str, value: str):
    assert role_of([HERE, (name, value)], "localhost", load_settings()) == "viewer"


@pytest.mark.parametrize("headers", [[], [("Origin", "http://localhost:8501")], [HERE, HERE], [HERE, ("host", "example.org")]])
def test_role_of_calls_a_request_without_one_clear_host_a_viewers(headers: list[tuple[str, str]]):
    assert role_of(headers, "localhost", load_settings()) == "viewer"


@pytest.mark.parametrize("origin", ["https://studio.example.org", "http://localhost.example.org", "null", "", "localhost"])
def test_role_of_calls_a_page_from_elsewhere_a_viewers_whatever_a_proxy_made_of_its_host(origin: str):
    assert role_of([HERE, ("Origin", origin)], "localhost", load_settings()) == "viewer"


@pytest.mark.parametrize("address", ["localhost", None, "0.0.0.0"])
@pytest.mark.parametrize("headers", [FORWARDED, [("Host", "192.168.1.4:8501")], []], ids=["proxy", "network", "none"])
def test_role_of_calls_an_owner_who_signed_in_the_owner_everywhere(
    headers: list[tuple[str, str]], address: str | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FER_OWNERS", "else@example.org, Anna@Example.org")
    anna = Person("Anna", "anna@example.org", is_verified=True)
    assert role_of(headers, address, load_settings(), anna) == "owner"
    assert role_of(headers, address, load_settings(), None) == "viewer"


@pytest.mark.parametrize(
    "person",
    [
        Person("Anna", "anna@example.org", is_verified=False),
        Person("Anna", "anna@example.org.evil.org", is_verified=True),
        Person("anna@example.org", "", is_verified=True),
        Person("Bert", "bert@example.org", is_verified=True),
    ],
)
def test_role_of_calls_who_signed_in_and_is_no_owner_a_viewer(person: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER_OWNERS", "anna@example.org")
    assert role_of(FORWARDED, "localhost", load_settings(), person) == "viewer"


@pytest.mark.parametrize("owners", ["", " , "])
def test_role_of_knows_no_owner_by_address_where_none_is_named(owners: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER_OWNERS", owners)
    assert role_of(FORWARDED, "localhost", load_settings(), Person("", "", is_verified=True)) == "viewer"


def test_role_of_takes_the_hosts_word_over_an_owners(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER_OWNERS", "anna@example.org")
    monkeypatch.setenv("FER_ROLE", "viewer")
    assert role_of(FORWARDED, "localhost", load_settings(), Person("Anna", "anna@example.org", is_verified=True)) == "viewer"


def test_role_of_calls_everybody_a_viewer_where_the_host_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER_ROLE", "viewer")
    assert role_of([HERE], "localhost", load_settings()) == "viewer"


def test_role_of_makes_no_owner_of_a_distant_request_by_a_setting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER_ROLE", "owner")
    assert role_of([("Host", "example.org")], "localhost", load_settings()) == "viewer"


def test_role_is_a_viewers_outside_a_request():
    assert roles.role() == "viewer"


def test_require_owner_names_the_action_and_the_remedy():
    with pytest.raises(NotAllowedError, match=r"only the owner may start a training.*http://localhost"):
        roles.require_owner("start a training")


def test_how_to_be_owner_names_the_ways_that_there_are(monkeypatch: pytest.MonkeyPatch):
    assert "sign" not in roles.how_to_be_owner()
    monkeypatch.setattr(identity, "providers", lambda: [None])
    assert roles.how_to_be_owner().startswith("The owner signs in, or opens the app on the machine")
    monkeypatch.setenv("FER_ROLE", "viewer")
    assert "everybody a viewer" in roles.how_to_be_owner()


@pytest.mark.parametrize(
    ("source", "share", "seen"), [("sample", "", True), ("/data/tiny.csv", "", False), ("/data/tiny.csv", "1", True)]
)
def test_may_see_images_withholds_a_datasets_images_from_viewers_unless_shared(
    source: str, share: str, seen: bool, monkeypatch: pytest.MonkeyPatch
):
    if share:
        monkeypatch.setenv("FER_SHARE_DATA", share)
    assert roles.may_see_images(make_dataset(make_split(), source=source)) is seen


def test_may_see_images_shows_everything_to_the_owner(owner: None):
    assert roles.may_see_images(make_dataset(make_split()))
