"""A case's settings: `settings.toml` in its folder, read into a frozen record. Every key has a default."""

from __future__ import annotations

import dataclasses
import getpass
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from .errors import CaseError

FILE = "settings.toml"


class Reading(TypedDict):
    """How claims are read: whether the learned layer proposes, and with which weights."""

    learned: bool
    weights: Path | None


@dataclass(frozen=True, slots=True)
class Llm:
    """An OpenAI-compatible address that candidate sentences are sent to; none unless `url` is set."""

    url: str = ""
    """Such as http://localhost:8080/v1."""
    model: str = ""
    """The model's name at that address; recorded in the `why` of what it proposed."""
    key_env: str = ""
    """The environment variable that holds the key, where the address wants one. The key itself is never stored."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may set for a case."""

    name: str = "Untitled case"
    """Shown on every page and in every release."""
    database: str = "case.sqlite"
    """File in the case folder, or a URL such as postgresql+pg8000://user@host/name."""
    conflict: str = ""
    """The conflict that the case documents; without it the MRM element 'link to the conflict' is lacking."""
    identity: str = ""
    """The age identity file that opens encrypted exhibits; MARSAD_IDENTITY goes before it. Keep it off this disk."""
    objects: str = ""
    """Where exhibits stand if not in the case folder: an object store, s3://bucket/prefix (needs the extra 's3')."""
    objects_endpoint: str = ""
    """Address of that store, where it is not Amazon's."""
    objects_lock: str = ""
    """How the store locks each object: governance:DAYS or compliance:DAYS."""
    ledger_policy: str = "range"
    """The counting policy that pages and releases use unless asked otherwise."""
    claims_learned: bool = True
    """Whether the learned layer proposes beside the rules, where its weights and packages are installed."""
    claims_weights: str = ""
    """A folder with other weights for the learned layer than the shipped ones, such as `make train-fuller` makes."""
    fetch_private_addresses: bool = False
    """Whether `marsad add URL` may fetch from private and loopback addresses."""
    fetch_max_megabytes: int = 200
    """The most that one address may send."""
    fetch_max_seconds: int = 60
    """The longest that one fetch may take."""
    arabic_months: tuple[str, ...] = ("SY", "EG")
    """Countries whose names of months Arabic pages and releases use; of several, all that differ ('آذار/مارس')."""
    small_cell: int = 3
    """In public releases, figures above zero and below this are suppressed."""
    session_hours: int = 12
    """How long a desk session lasts."""
    second_factor: bool = False
    """Whether everybody needs a passkey, or a code beside the password."""
    hosts: tuple[str, ...] = ()
    """Host names, beside the loopback ones, that the desk answers to."""
    api_per_minute: int = 600
    """How many requests to the API one person or token may make in a minute."""
    oidc_issuer: str = ""
    """The address of an OpenID Connect provider that people may sign in by."""
    oidc_client: str = ""
    """The id that the provider gave this desk."""
    llm: Llm = Llm()
    """The table `[llm]`: a language model that may propose beside the engine."""

    @classmethod
    def load(cls, folder: Path) -> Settings:
        """The settings in `folder`; defaults for what is not set.

        Raises CaseError, naming the file and the key, for a file that is not TOML, an unknown key or a wrong type.
        """
        path = folder / FILE
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CaseError(
                f"{path}: not valid TOML ({error}). Mend the line, or delete the file for defaults."
            ) from error
        values = _checked(data, cls, path)
        _check_months(values.get("arabic_months"), path)
        return cls(**values)

    def reading(self, folder: Path) -> Reading:
        """How claims are read, as `marsad.claims.Engine` takes it; a relative `claims_weights` is under `folder`."""
        return {
            "learned": self.claims_learned,
            "weights": folder / self.claims_weights if self.claims_weights else None,
        }

    def save(self, folder: Path) -> None:
        """Write every setting, with its explanation, to `folder`."""
        lines = ["# Settings of this case; see docs/reference/settings.md.", ""]
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        lines += [f"{name} = {_toml(value)}" for name, value in values.items() if not isinstance(value, Llm)]
        lines += ["", "[llm]", *(f"{f.name} = {_toml(getattr(self.llm, f.name))}" for f in dataclasses.fields(Llm))]
        (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _checked(data: dict[str, Any], record: type, path: Path, table: str = "") -> dict[str, Any]:
    """The values of a table, each of the type of its default."""
    fields = {f.name: f for f in dataclasses.fields(record)}
    out: dict[str, Any] = {}
    for key, value in data.items():
        name = f"{table}{key}"
        if key not in fields:
            raise CaseError(f"{path}: unknown setting '{name}'. Known: {', '.join(sorted(fields))}.")
        wanted = type(fields[key].default)
        if wanted is tuple and isinstance(value, list) and all(isinstance(v, str) for v in value):
            out[key] = tuple(value)
        elif wanted is tuple:
            raise CaseError(f"{path}: '{name}' should be a list of words, such as [\"desk.example.org\"].")
        elif wanted is Llm and isinstance(value, dict):
            out[key] = Llm(**_checked(value, Llm, path, "llm."))
        elif wanted is Llm:
            raise CaseError(f"{path}: '{name}' should be a table, [llm], with url, model and key_env.")
        elif type(value) is not wanted:
            raise CaseError(f"{path}: '{name}' should be {wanted.__name__}, not {type(value).__name__}.")
        else:
            out[key] = value
    return out


def _check_months(countries: tuple[str, ...] | None, path: Path) -> None:
    if countries is None:
        return
    from babel.localedata import exists

    if not countries or not all(exists(f"ar_{c}") for c in countries):
        raise CaseError(f"{path}: 'arabic_months' should list Arabic-speaking countries by ISO code, such as [\"SD\"].")


def _toml(value: str | int | bool | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(v) for v in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    escaped = "".join(c if c >= " " and c not in '"\\\x7f' else f"\\u{ord(c):04x}" for c in value)
    return f'"{escaped}"'


def system_user() -> str:
    """Who works where nobody is named: the system's name for them, or 'unknown'."""
    with suppress(KeyError, OSError):
        return getpass.getuser()
    return "unknown"
