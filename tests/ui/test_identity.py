from types import SimpleNamespace

import pytest
import streamlit as st

from fer_core.errors import FerError
from fer_core.settings import load_settings, plain_address
from fer_core.ui import identity
from fer_core.ui.identity import person_of, providers

ANNA = {"is_logged_in": True, "email": "Anna@Example.org", "email_verified": True, "name": "Anna"}
FULL = {"client_id": "a", "client_secret": "b", "server_metadata_url": "https://id.example.org"}


def test_person_of_reads_the_providers_claims():
    person = person_of(ANNA)
    assert person is not None
    assert (person.name, person.email, person.is_verified) == ("Anna", "anna@example.org", True)


@pytest.mark.parametrize("claims", [{}, {"is_logged_in": False}, {"is_logged_in": "true"}, {"email": "anna@example.org"}])
def test_person_of_knows_nobody_who_has_not_signed_in(claims: dict[str, object]):
    assert person_of(ANNA | {"is_logged_in": False} | claims if claims else claims) is None


@pytest.mark.parametrize("said", [False, None, "false", "yes", 1, "", "True"])
def test_person_of_believes_an_address_only_that_the_provider_calls_verified(said: object):
    person = person_of(ANNA | {"email_verified": said})
    assert person is not None
    assert not person.is_verified


def test_person_of_takes_true_as_some_providers_write_it():
    person = person_of(ANNA | {"email_verified": "true"})
    assert person is not None
    assert person.is_verified


@pytest.mark.parametrize("mapped", [["email"], ["name", "email_verified"], ["is_logged_in"]])
def test_person_of_calls_nothing_verified_that_a_request_header_could_set(mapped: list[str]):
    person = person_of(ANNA, mapped=mapped)
    assert person is not None
    assert not person.is_verified


@pytest.mark.parametrize(
    ("claims", "name", "email"),
    [
        ({"name": None}, "anna@example.org", "anna@example.org"),
        ({"name": " "}, "anna@example.org", "anna@example.org"),
        ({"name": None, "email": None}, "somebody", ""),
        ({"email": ["anna@example.org"]}, "Anna", ""),
    ],
)
def test_person_of_copes_with_what_a_provider_leaves_out(claims: dict[str, object], name: str, email: str):
    person = person_of(ANNA | claims)
    assert person is not None
    assert (person.name, person.email, person.is_verified) == (name, email, bool(email))


def test_person_of_calls_nothing_verified_that_anybody_could_have_signed():
    person = person_of(ANNA, is_guessable=True)
    assert person is not None
    assert not person.is_verified


@pytest.mark.parametrize(
    ("secrets", "weak"),
    [
        ({}, False),
        ({"auth": {}}, False),
        ({"auth": "x"}, False),
        ({"auth": {"cookie_secret": ""}}, True),
        ({"auth": {"cookie_secret": "xxx"}}, True),
        ({"auth": {"cookie_secret": "x" * 24}}, False),
    ],
)
def test_has_weak_secret_sees_one_that_can_be_guessed(secrets: dict[str, object], weak: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(st, "secrets", secrets)
    assert identity.has_weak_secret() is weak


def test_person_is_nobody_outside_a_request():
    assert identity.person() is None


@pytest.mark.parametrize(
    ("secrets", "named"),
    [
        ({}, []),
        ({"auth": {"cookie_secret": "c"}}, []),
        ({"auth": FULL}, [None]),
        ({"auth": {"cookie_secret": "c", "google": FULL, "work": FULL}}, ["google", "work"]),
        ({"auth": {"client_id": "half"}}, [None]),
        ({"auth": FULL | {"client_kwargs": {"prompt": "login"}}}, [None]),
    ],
)
def test_providers_names_each_of_the_auth_section(
    secrets: dict[str, object], named: list[str | None], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(st, "secrets", secrets)
    assert providers() == named


def test_providers_are_none_where_there_is_no_secrets_file(monkeypatch: pytest.MonkeyPatch):
    def missing(*_: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(st, "secrets", SimpleNamespace(get=missing))
    assert providers() == []


def test_plain_address_lets_no_foreign_letter_become_an_ascii_one():
    assert plain_address(" MARK@Example.org ") == "mark@example.org"
    assert plain_address("mar\u212a@example.org") != "mark@example.org"


def test_settings_read_the_owners(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER_OWNERS", " Anna@Example.org,bert@example.org , ")
    assert load_settings().owners == ("anna@example.org", "bert@example.org")


@pytest.mark.parametrize("owners", ["anna", "anna@", "@example.org", "anna@example.org;bert@example.org", "a b@example.org"])
def test_settings_refuse_owners_that_are_no_addresses(owners: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FER_OWNERS", owners)
    with pytest.raises(FerError, match=r"FER_OWNERS.*expected e-mail addresses separated by commas"):
        load_settings()
