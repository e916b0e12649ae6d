"""Typed settings from FER_* variables and a .env file."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from fer_core.errors import FerError


class Settings(BaseSettings):
    """What a host sets once; read anew by each ``load_settings`` call."""

    model_config = SettingsConfigDict(env_prefix="FER_", env_file=".env", extra="ignore", populate_by_name=True)

    home: Path = Path(".fer")
    """Everything that FER Studio writes goes below this folder."""
    fer2013_csv: Path | None = Field(default=None, validation_alias="FER2013_CSV")
    """FER2013 as a CSV, an image folder or a zip; None where it is not on this machine."""
    ferplus_csv: Path | None = Field(default=None, validation_alias="FERPLUS_CSV")
    """FER+'s votes on FER2013 (fer2013new.csv); None where they are not on this machine."""
    role: Literal["owner", "viewer"] | None = None
    """``viewer`` makes everybody a viewer; unset or ``owner``: owners are found as ui/roles.py says."""
    data_dirs: Annotated[tuple[Path, ...], NoDecode] = ()
    """Folders below which an owner may name server paths; separated like PATH."""
    share_data: bool = False
    """Whether viewers may see images of a dataset that is not the drawn sample."""
    max_viewers: Annotated[int, Field(ge=1, le=64)] = 4
    """How many may be live at once in this process; the others wait in a line."""
    mlflow: bool = True
    """Whether trainings are mirrored to MLflow."""
    live_mode: Literal["server", "browser", "auto"] = "auto"
    """Where live video is recognised: on the server, in the viewer's browser, or where the viewer and the connection want."""
    stun_urls: Annotated[tuple[str, ...], NoDecode] = ()
    """STUN servers (``stun:host:3478``), separated by commas; none is asked unless named."""
    turn_urls: Annotated[tuple[str, ...], NoDecode] = ()
    """TURN servers (``turn:host:3478?transport=udp``), separated by commas; this machine uses the first."""
    turn_username: str | None = None
    """Name at the TURN servers, with ``turn_password``; both reach each viewer's browser."""
    turn_password: SecretStr | None = None
    turn_secret: SecretStr | None = None
    """What coturn calls static-auth-secret: names and passwords that end by themselves are made from it; it stays here."""
    turn_ttl_s: Annotated[int, Field(ge=60, le=86_400 * 7)] = 3600
    """Seconds for which such a name and password are good."""
    turn_provider: Literal["cloudflare", "twilio", "huggingface"] | None = None
    """Who is asked for TURN servers instead, with the keys below."""
    cloudflare_turn_key_id: SecretStr | None = Field(default=None, validation_alias="CLOUDFLARE_TURN_KEY_ID")
    cloudflare_turn_key_api_token: SecretStr | None = Field(default=None, validation_alias="CLOUDFLARE_TURN_KEY_API_TOKEN")
    twilio_account_sid: SecretStr | None = Field(default=None, validation_alias="TWILIO_ACCOUNT_SID")
    twilio_auth_token: SecretStr | None = Field(default=None, validation_alias="TWILIO_AUTH_TOKEN")
    hf_token: SecretStr | None = Field(default=None, validation_alias="HF_TOKEN")
    ice_transport: Literal["all", "relay"] = "all"
    """``relay``: video goes through the TURN server only, as a test or where nobody may learn the other's address."""
    owners: Annotated[tuple[str, ...], NoDecode] = ()
    """E-mail addresses, separated by commas, of the people who are owners once they have signed in."""

    @field_validator("home", "fer2013_csv", "ferplus_csv")
    @classmethod
    def _expand(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value is not None else None

    @field_validator(
        *("fer2013_csv", "ferplus_csv", "role", "turn_username", "turn_password", "turn_secret", "turn_provider"),
        *("cloudflare_turn_key_id", "cloudflare_turn_key_api_token", "twilio_account_sid", "twilio_auth_token", "hf_token"),
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("data_dirs", mode="before")
    @classmethod
    def _split_paths(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(Path(part).expanduser().absolute() for part in value.split(os.pathsep) if part)
        return value

    @field_validator("stun_urls", "turn_urls", mode="before")
    @classmethod
    def _split_urls(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("owners", mode="before")
    @classmethod
    def _split_addresses(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = tuple(plain_address(part) for part in value.split(",") if part.strip())
        for address in found:
            name, at, host = address.partition("@")
            if not (name and at and host) or "@" in host or re.search(r"\s", address):
                raise ValueError(f"expected e-mail addresses separated by commas, and {address!r} is none")
        return found


def plain_address(text: str) -> str:
    """Give the form in which two e-mail addresses are compared.

    Case is ignored in ASCII only: in Unicode some foreign letters turn into ASCII ones (the Kelvin sign into k), and an address
    that somebody else can own must not come to equal an owner's.
    """
    stripped = text.strip()
    return stripped.lower() if stripped.isascii() else stripped


def load_settings() -> Settings:
    """Read the settings as they are now.

    Raises:
        FerError: a variable has a value that cannot be used; the message names it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]).upper() if first["loc"] else "A SETTING"
        name = field if field.startswith("FER") else f"FER_{field}"
        raise FerError(f"{name}: {first['msg']}; received {first.get('input')!r}. Correct the variable or .env.") from None
