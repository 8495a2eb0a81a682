"""Secure connections keep the name, and platforms that know better than their pages are asked."""

import datetime
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portfolio_audit.sources.probe import ProbeBudget
from portfolio_audit.sources.transport import Bounds
from tests.sources.link_server import NOW, PUBLIC, LinkServer, Network, http, page

BUDGET = ProbeBudget(pauses=())
NAMES = ("app.sample.com", "notes.streamlit.app", "huggingface.co", "ann-demo.hf.space", "share.streamlit.io")


def certificate(folder: Path, names: tuple[str, ...]) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "invented")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - datetime.timedelta(days=4000))
        .not_valid_after(NOW + datetime.timedelta(days=40_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + built.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"), NAMES)


@pytest.fixture
def asked_names() -> list[str | None]:
    return []


@pytest.fixture
def untrusted(pem: Path, asked_names: list[str | None]) -> Iterator[Network]:
    """A secure server whose certificate nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.sni_callback = lambda _socket, name, _context: asked_names.append(name)
    server = LinkServer(context)
    yield Network(server)
    server.stop()


@pytest.fixture
def network(untrusted: Network, pem: Path, monkeypatch: pytest.MonkeyPatch) -> Network:
    trusting = httpx.create_ssl_context(trust_env=False)
    trusting.load_verify_locations(pem)
    monkeypatch.setattr("portfolio_audit.sources.fetching._certificates", lambda: trusting)
    return untrusted


def test_the_name_is_kept_for_the_certificate_while_the_address_is_pinned(
    network: Network, asked_names: list[str | None]
) -> None:
    network.server.routes["app.sample.com", "/"] = page("Safe")
    probe = network.prober(BUDGET).probe_all(["https://app.sample.com/"])["https://app.sample.com/"]
    assert (probe.state, probe.title) == ("live", "Safe")
    assert asked_names == ["app.sample.com"]
    assert network.connects == [(PUBLIC, 443)]


def test_a_certificate_for_another_name_is_unknown(network: Network) -> None:
    network.server.routes["other.sample.com", "/"] = page("x")
    probe = network.prober(BUDGET).probe_all(["https://other.sample.com/"])["https://other.sample.com/"]
    assert (probe.state, probe.reason) == ("unknown", "the certificate is not valid for this name")
    assert network.server.requests == []


def test_no_variable_makes_a_stranger_trusted(untrusted: Network, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("SSL_CERT_DIR", str(pem.parent))
    probe = untrusted.prober(BUDGET).probe_all(["https://app.sample.com/"])["https://app.sample.com/"]
    assert probe.state == "unknown"
    assert untrusted.server.requests == []


def test_a_port_that_speaks_no_tls_is_unknown() -> None:
    server = LinkServer(greeting=http(200, "plain text"))
    network = Network(server)
    probe = network.prober(BUDGET).probe_all(["https://app.sample.com/"])["https://app.sample.com/"]
    server.stop()
    assert (probe.state, probe.reason) == ("unknown", "no secure connection could be made")


def test_a_handshake_that_stalls_is_cut() -> None:
    server = LinkServer()
    network = Network(server)
    server.routes["app.sample.com", "/"] = server.silence
    budget = ProbeBudget(bounds=Bounds(), attempt=0.3, pauses=())
    probe = network.prober(budget).probe_all(["https://app.sample.com/"])["https://app.sample.com/"]
    server.stop()
    assert (probe.state, probe.reason) == ("unknown", "timed out after 0.3 s")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ('{"status":5,"viewerAuthEnabled":false}', "live"),
        ('{ "status": 12 }', "sleeping"),
        ('{"status":7}', "unknown"),
        ('{"status":55}', "unknown"),
    ],
)
def test_streamlit_says_whether_its_app_runs(network: Network, answer: str, state: str) -> None:
    network.server.routes["notes.streamlit.app", "/api/v2/app/status"] = http(200, answer)
    link = "https://notes.streamlit.app/?embed=true"
    probe = network.prober(BUDGET).probe_all([link])[link]
    assert probe.state == state
    assert "Streamlit" in probe.reason
    assert len(network.server.requests) == 1


def test_streamlit_without_an_answer_is_never_called_dead(network: Network) -> None:
    routes = network.server.routes
    gate = "https://share.streamlit.io/-/auth/app?redirect_uri=https%3A%2F%2Fnotes.streamlit.app%2F"
    routes["notes.streamlit.app", "*"] = http(303, b"", f"Location: {gate}")
    routes["share.streamlit.io", "*"] = http(303, b"", "Location: https://notes.streamlit.app/-/login?payload=secret")
    routes["notes.streamlit.app", "/-/login?payload=secret"] = http(303, b"", "Location: https://notes.streamlit.app/")
    probe = network.prober(BUDGET).probe_all(["https://notes.streamlit.app/"])["https://notes.streamlit.app/"]
    assert probe.state == "unknown"
    assert "secret" not in f"{probe.final_url}{probe.reason}"


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("RUNNING", "live"),
        ("RUNNING_BUILDING", "live"),
        ("SLEEPING", "sleeping"),
        ("PAUSED", "sleeping"),
        ("STOPPED", "sleeping"),
        ("BUILDING", "sleeping"),
        ("APP_STARTING", "sleeping"),
        ("NO_APP_FILE", "placeholder"),
        ("RUNTIME_ERROR", "unknown"),
        ("BUILD_ERROR", "unknown"),
        ("SOMETHING_NEW", "unknown"),
    ],
)
@pytest.mark.parametrize("link", ["https://huggingface.co/spaces/ann/demo", "https://ann-demo.hf.space/?x=1"])
def test_hugging_face_says_how_a_space_is(network: Network, link: str, stage: str, state: str) -> None:
    runtime = f'{{"stage":"{stage}","domains":[{{"stage":"READY"}}]}}'
    answer = http(200, f'{{"id":"ann/demo","runtime":{runtime}}}')
    network.server.routes["huggingface.co", "/api/spaces/ann/demo/runtime"] = http(200, runtime)
    network.server.routes["huggingface.co", "/api/spaces/by-subdomain/ann-demo"] = answer
    probe = network.prober(BUDGET).probe_all([link])[link]
    assert probe.state == state
    assert len(network.server.requests) == 1


def test_a_renamed_space_is_followed(network: Network) -> None:
    routes = network.server.routes
    routes["huggingface.co", "/api/spaces/ann/old/runtime"] = http(307, b"", "Location: /api/spaces/ann/new/runtime")
    routes["huggingface.co", "/api/spaces/ann/new/runtime"] = http(200, '{"stage":"RUNNING"}')
    link = "https://huggingface.co/spaces/ann/old"
    assert network.prober(BUDGET).probe_all([link])[link].state == "live"


@pytest.mark.parametrize(
    "answer", [http(401, "{}"), http(200, "not JSON"), http(429), http(302, b"", "Location: http://10.0.0.1/")]
)
def test_without_an_answer_from_hugging_face_its_page_decides(network: Network, answer: bytes) -> None:
    routes = network.server.routes
    routes["huggingface.co", "/api/spaces/ann/gone/runtime"] = answer
    routes["huggingface.co", "/spaces/ann/gone"] = page("404", "Sorry, we can't find the page", 404)
    link = "https://huggingface.co/spaces/ann/gone"
    assert network.prober(BUDGET).probe_all([link])[link].state == "dead"
    assert network.connects == [(PUBLIC, 443)] * 2


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("<div data-props='{&quot;runtime&quot;:{&quot;stage&quot;:&quot;RUNNING&quot;,&quot;x&quot;:1}}'>", "live"),
        ("<div data-props='{&quot;runtime&quot;:{&quot;stage&quot;:&quot;SLEEPING&quot;}}'>", "sleeping"),
        ("<div>a Space</div>", "unknown"),
    ],
)
def test_the_page_of_a_space_is_no_proof_that_it_runs(network: Network, body: str, state: str) -> None:
    network.server.routes["huggingface.co", "/api/spaces/ann/demo/runtime"] = http(500)
    network.server.routes["huggingface.co", "/spaces/ann/demo"] = page("Demo - a Space by ann", body)
    link = "https://huggingface.co/spaces/ann/demo"
    assert network.prober(BUDGET).probe_all([link])[link].state == state


def test_the_shell_of_streamlit_is_no_proof_that_the_app_runs(network: Network) -> None:
    network.server.routes["notes.streamlit.app", "/api/v2/app/status"] = http(500)
    network.server.routes["notes.streamlit.app", "/"] = page("Streamlit", "<div id=root></div>")
    link = "https://notes.streamlit.app/"
    assert network.prober(BUDGET).probe_all([link])[link].state == "unknown"


def test_only_plain_names_reach_a_platform_question(network: Network) -> None:
    network.server.routes["huggingface.co", "*"] = page("x")
    links = [
        "https://huggingface.co/spaces/a%2F..%2Fb/c",
        "https://huggingface.co/spaces/a",
        "https://huggingface.co/ann/model",
    ]
    network.prober(BUDGET).probe_all(links)
    assert not any("/api/" in request for request in network.server.requests)
