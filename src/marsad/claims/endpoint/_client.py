"""Asking an OpenAI-compatible address: strict schema, time-outs, retries, and an answer that is never trusted."""

from __future__ import annotations

import functools
import ipaddress
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from marsad.errors import EndpointFailed
from marsad.model import Span, codes
from marsad.settings import Llm

_LISTS = ("perpetrators", "victims", "weapons", "places", "times", "sources")
_TRIES = 3
_WAIT = 1.0
"""Seconds before the second try; doubled before the third."""
_LARGEST = 2_000_000
"""Bytes of an answer; a longer one is broken off."""
_BATCH = 6_000
"""Characters of sentences in one question."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One act as the model tells it; its words are not checked yet."""

    sentence: Span
    act: str
    trigger: str
    words: dict[str, tuple[str, ...]]
    """Field of the schema ('victims', …) → what the model copied."""


class Client:
    """One model at one address. Nothing is sent before `ask` is called."""

    def __init__(self, settings: Llm, *, seconds: float = 60.0, wait: float = _WAIT) -> None:
        """`seconds` is the longest that one answer may take; `wait` the pause before a second try.

        Raises EndpointFailed where the address is none, or sends text over the open internet unencrypted, or the
        environment variable of the key is not set.
        """
        _check(settings)
        self.model = settings.model
        self._url = f"{settings.url.rstrip('/')}/chat/completions"
        self._key = os.environ.get(settings.key_env, "") if settings.key_env else ""
        if settings.key_env and not self._key:
            raise EndpointFailed(
                f"settings.toml: [llm] key_env names {settings.key_env}, which is not set in the environment; "
                f"set it, or take key_env out for an address without a key"
            )
        self._seconds, self._wait = seconds, wait

    def ask(self, sentences: Sequence[Span]) -> list[Proposal]:
        """What the model finds in the sentences, in batches. Raises EndpointFailed where it gives no usable answer."""
        found: list[Proposal] = []
        batch: list[Span] = []
        for s in sentences:
            if batch and sum(len(b.text) for b in batch) + len(s.text) > _BATCH:
                found += self._ask(batch)
                batch = []
            batch.append(s)
        return found + (self._ask(batch) if batch else [])

    @functools.cached_property
    def _http(self) -> Any:
        """No redirect is followed and no proxy taken from the environment: text goes to this address alone."""
        import httpx

        return httpx.Client(
            timeout=httpx.Timeout(self._seconds, connect=min(10.0, self._seconds)),
            headers={"authorization": f"Bearer {self._key}"} if self._key else {},
            follow_redirects=False,
            trust_env=False,
        )

    def _ask(self, batch: Sequence[Span]) -> list[Proposal]:
        question = "\n".join(f"{n}. {' '.join(s.text.split())}" for n, s in enumerate(batch, 1))
        body = {
            "model": self.model,
            "temperature": 0,
            "messages": [{"role": "system", "content": _said()["system"]}, {"role": "user", "content": question}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "claims", "strict": True, "schema": schema(len(batch))},
            },
        }
        problem = "gave no answer"
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(self._wait * 2 ** (attempt - 1))
            answer, problem, again = self._once(body)
            if answer is not None:
                found = _read(answer, batch)
                if found is not None:
                    return found
                problem = "answered with something that is not JSON of the schema asked for"
            elif not again:
                break
        raise EndpointFailed(f"{self._url} {problem}; what the engine itself found is kept")

    def _once(self, body: dict[str, Any]) -> tuple[str | None, str, bool]:
        """(the model's words or None, what went wrong, whether to try again)."""
        import httpx

        begun = time.monotonic()
        try:
            with self._http.stream("POST", self._url, json=body) as response:
                content = bytearray()
                for piece in response.iter_bytes():
                    content += piece
                    if len(content) > _LARGEST:
                        return None, f"answered with more than {_LARGEST:,} bytes", False
                    if time.monotonic() - begun > self._seconds:
                        return None, f"took longer than {self._seconds:.0f} seconds", True
        except httpx.TimeoutException:
            return None, f"took longer than {self._seconds:.0f} seconds", True
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return None, f"cannot be reached ({error})", True
        if response.status_code != 200:
            again = response.status_code == 429 or response.status_code >= 500
            return None, f"answered with status {response.status_code}", again
        try:
            said = json.loads(content)["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return None, "answered with something that is no chat completion", True
        return (said, "", False) if isinstance(said, str) else (None, "answered without words", True)


def schema(sentences: int) -> dict[str, Any]:
    """The JSON schema of an answer about so many sentences."""
    about = _said()["fields"]
    properties: dict[str, Any] = {
        "sentence": {"type": "integer", "enum": list(range(1, sentences + 1)), "description": about["sentence"]},
        "act": {"type": "string", "enum": list(codes.ACTS), "description": about["act"]},
        "trigger": {"type": "string", "description": about["trigger"]},
    }
    for name in _LISTS:
        properties[name] = {"type": "array", "items": {"type": "string"}, "description": about[name]}
    act = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"acts": {"type": "array", "items": act}},
        "required": ["acts"],
        "additionalProperties": False,
    }


def notice(settings: Llm) -> str | None:
    """One line that says where text of reports is sent; None where nothing is."""
    if not settings.url:
        return None
    where = "stays on this machine" if _here(settings.url) else "LEAVES THIS MACHINE"
    return (
        f"Text {where}: sentences of reports are sent to {settings.url} (model {settings.model}), because [llm] in "
        f"settings.toml says so."
    )


def _check(settings: Llm) -> None:
    parts = urlsplit(settings.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EndpointFailed(
            f"settings.toml: [llm] url '{settings.url}' is no address such as http://localhost:8080/v1"
        )
    if not settings.model:
        raise EndpointFailed("settings.toml: [llm] model is not set; name the model that the address should use")
    if parts.scheme == "http" and not _near(parts.hostname):
        raise EndpointFailed(
            f"settings.toml: [llm] url '{settings.url}' would send reports unencrypted over the internet; use https"
        )


def _here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == "localhost" or (_address(host) is not None and bool(_address(host).is_loopback))  # type: ignore[union-attr]


def _near(host: str) -> bool:
    """This machine or one of a private network."""
    address = _address(host)
    if address is not None:
        return address.is_loopback or address.is_private
    return "." not in host or host.endswith((".local", ".internal", ".lan"))


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _read(answer: str, batch: Sequence[Span]) -> list[Proposal] | None:
    """The acts in an answer that keep to the schema; None where the answer as a whole does not."""
    answer = answer.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    acts = value.get("acts") if isinstance(value, dict) else None
    if not isinstance(acts, list):
        return None
    return [p for act in acts if isinstance(act, dict) and (p := _proposal(act, batch)) is not None]


def _proposal(act: dict[str, Any], batch: Sequence[Span]) -> Proposal | None:
    number, code, trigger = act.get("sentence"), act.get("act"), act.get("trigger")
    if type(number) is not int or not 1 <= number <= len(batch) or not isinstance(trigger, str):
        return None
    if not isinstance(code, str) or code not in codes.ACTS:
        return None
    words: dict[str, tuple[str, ...]] = {}
    for name in _LISTS:
        given = act.get(name, [])
        words[name] = tuple(v for v in given if isinstance(v, str)) if isinstance(given, list) else ()
    return Proposal(batch[number - 1], code, trigger, words)


@functools.cache
def _said() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("instruction.json").read_text(encoding="utf-8")
    said: dict[str, Any] = json.loads(text)
    return said
