"""Signing in by another organisation's word, against a small real provider of the test's own on loopback."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from desk_fiction import enter
from starlette.testclient import TestClient

from marsad.desk import create_app
from marsad.errors import CaseError
from marsad.pipeline import Case, open_case

pytest.importorskip("authlib")
ORIGIN = "http://localhost:8000"


class Provider:
    """An OpenID Connect provider with one client; `lies` change what its tokens say."""

    def __init__(self) -> None:
        from joserfc.jwk import RSAKey

        self.key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
        self.codes: dict[str, dict[str, str]] = {}
        self.lies: dict[str, Any] = {}
        self.sign_with = self.key
        self.seen: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.seen.append(self.path)
                if self.path == "/.well-known/openid-configuration":
                    self.tell(200, provider.metadata())
                elif self.path == "/keys":
                    self.tell(200, {"keys": [provider.key.as_dict(private=False)]})
                else:
                    self.tell(404, {})

            def do_POST(self) -> None:
                sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                known = base64.b64decode(self.headers.get("authorization", "")[6:]).decode() == "desk:hush"
                begun = provider.codes.pop(sent["code"][0], None)
                digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
                challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
                if not known or not begun or begun["code_challenge"] != challenge:
                    self.tell(400, {"error": "invalid_grant"})
                    return
                token = provider.token(begun)
                self.tell(200, {"access_token": "a", "token_type": "Bearer", "id_token": token})

            def tell(self, status: int, value: object) -> None:
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def metadata(self) -> dict[str, str]:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.lies.get("issuer", self.issuer)} | {k: f"{self.issuer}/{v}" for k, v in names.items()}

    def token(self, begun: dict[str, str]) -> str:
        from joserfc import jwt

        now = int(time.time())
        told = {"iss": self.issuer, "aud": "desk", "sub": begun["sub"], "nonce": begun["nonce"], "exp": now + 60}
        return jwt.encode({"alg": "RS256", "kid": "k1"}, {**told, **self.lies}, self.sign_with)

    def consent(self, place: str, sub: str) -> str:
        """What a browser would be sent back to after its person said yes; checks what the desk asked."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(place).query).items()}
        assert place.startswith(f"{self.issuer}/authorize?")
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == "desk" and asked["scope"] == "openid", "nothing more is asked for"
        code = secrets.token_urlsafe(8)
        self.codes[code] = {**asked, "sub": sub}
        return f"/sign-in/oidc/back?code={code}&state={asked['state']}"


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def desk(case: Case, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    monkeypatch.setenv("MARSAD_OIDC_SECRET", "hush")
    file = case.folder / "settings.toml"
    text = file.read_text("utf-8").replace('oidc_issuer = ""', f'oidc_issuer = "{provider.issuer}"')
    file.write_text(text.replace('oidc_client = ""', 'oidc_client = "desk"'), "utf-8")
    with open_case(case.folder, person="amal") as opened:
        yield opened


def client(app: Any, cookie: str = "") -> TestClient:
    headers = {"sec-fetch-site": "same-origin"} | ({"cookie": cookie} if cookie else {})
    return TestClient(app, base_url=ORIGIN, headers=headers, follow_redirects=False)


def tie(app: Any, provider: Provider, case: Case, person: str, sub: str) -> int:
    begun = client(app, enter(case, person)).get("/account/tie")
    flow = begun.headers["set-cookie"].split(";")[0]
    # The strict session cookie does not come back with the provider's redirect.
    return client(app, flow).get(provider.consent(begun.headers["location"], sub)).status_code


def come_in(app: Any, provider: Provider, sub: str) -> tuple[int, bool]:
    nobody = client(app)
    back = nobody.get(provider.consent(nobody.get("/sign-in/oidc").headers["location"], sub))
    return back.status_code, nobody.get("/queue").status_code == 200


def test_nothing_is_asked_before_somebody_chooses_it(desk: Case, provider: Provider) -> None:
    nobody = client(create_app(desk))
    assert "/sign-in/oidc" in nobody.get("/sign-in").text
    assert provider.seen == []


def test_a_tied_account_opens_a_session_and_no_other_does(desk: Case, provider: Provider) -> None:
    app = create_app(desk)
    assert come_in(app, provider, "b-17") == (403, False), "nobody is let in by being known elsewhere"
    assert tie(app, provider, desk, "basim", "b-17") == 200
    assert come_in(app, provider, "b-17") == (200, True)
    assert come_in(app, provider, "basim") == (403, False), "a name is not an account"
    assert tie(app, provider, desk, "rim", "b-17") == 409, "one account, one person"
    with desk.store.read() as s:
        assert [(c.person, c.kind) for c in s.credentials.of("basim")] == [("basim", "oidc")]
        assert s.credentials.of("rim") == []


LIES: list[dict[str, Any]] = [
    {"iss": "https://elsewhere.example"},
    {"aud": "another-desk"},
    {"nonce": "old"},
    {"exp": 1},
    {"sub": None},
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: next(iter(lie)))
def test_a_token_for_something_else_is_refused(desk: Case, provider: Provider, lie: dict[str, Any]) -> None:
    app = create_app(desk)
    assert tie(app, provider, desk, "basim", "b-17") == 200
    provider.lies = lie
    status, inside = come_in(app, provider, "b-17")
    assert status == 422 and not inside


def test_a_token_signed_by_another_key_is_refused(desk: Case, provider: Provider) -> None:
    from joserfc.jwk import RSAKey

    app = create_app(desk)
    assert tie(app, provider, desk, "basim", "b-17") == 200
    provider.sign_with = RSAKey.generate_key(2048, parameters={"kid": "k1"})
    assert come_in(app, provider, "b-17") == (422, False)


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(desk: Case, provider: Provider) -> None:
    app = create_app(desk)
    tie(app, provider, desk, "basim", "b-17")
    one, other = client(app), client(app)
    back = provider.consent(one.get("/sign-in/oidc").headers["location"], "b-17")
    assert other.get(back).status_code == 410, "begun in another browser"
    other.get("/sign-in/oidc")
    assert other.get(back).status_code == 422, "the state is another flow's"
    assert one.get(back.split("&state")[0] + "&state=x").status_code == 422
    assert one.get(back).status_code == 410, "a flow is good once"


def test_a_provider_that_is_another_than_the_settings_say_is_refused(desk: Case, provider: Provider) -> None:
    provider.lies = {"issuer": "https://elsewhere.example"}
    assert client(create_app(desk)).get("/sign-in/oidc").status_code == 422


def test_without_a_provider_there_is_no_such_door(case: Case) -> None:
    nobody = client(create_app(case))
    assert nobody.get("/sign-in/oidc").status_code == 404
    assert nobody.get("/sign-in/oidc/back?code=1&state=2").status_code == 410
    assert client(create_app(case), enter(case, "basim")).get("/account/tie").status_code == 404


@pytest.mark.parametrize(
    ("issuer", "wanted"), [("http://idp.example.org", "https://"), ("https://idp.example.org", "oidc_client")]
)
def test_settings_that_cannot_be_trusted_are_refused(case: Case, issuer: str, wanted: str) -> None:
    file = case.folder / "settings.toml"
    file.write_text(f'oidc_issuer = "{issuer}"\n', "utf-8")
    with open_case(case.folder) as again, pytest.raises(CaseError, match=wanted):
        create_app(again)
