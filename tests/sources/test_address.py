"""No spelling of a closed address is ever connected to: judged by the connector, not by exceptions."""

import ipaddress
from collections.abc import Iterator

import pytest

from portfolio_audit.sources import address, target
from portfolio_audit.sources.target import Refused
from tests.sources.link_server import ONCE, PUBLIC, LinkServer, Network, http

CLOSED_V4 = (
    "0.0.0.0 0.255.255.255 10.0.0.1 10.255.255.254 100.64.0.1 100.100.100.200 100.127.255.254 127.0.0.1 127.1.2.3 "
    "127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.254 192.0.0.1 "
    "192.0.0.170 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.254 192.175.48.1 "
    "198.18.0.1 198.19.255.254 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255"
).split()
OPEN_V4 = (
    "1.1.1.1 9.255.255.255 11.0.0.1 93.184.216.34 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 168.63.129.17 "
    "169.253.255.255 169.255.0.1 172.15.255.255 172.32.0.1 191.255.255.255 192.0.1.1 192.0.3.1 192.167.255.255 "
    "192.169.0.1 198.17.255.255 198.20.0.1 203.0.112.255 203.0.114.1 223.255.255.255"
).split()
CLOSED_V6 = (
    ":: ::1 ::2 ::127.0.0.1 ::7f00:1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::93.184.216.34 64:ff9b:1::1 100::1 "
    "100:0:0:1::1 2001::1 2001:0:7f00:1:: 2001:10::1 2001:20::1 2001:1ff:ffff::1 2001:db8::1 2001:db8:ffff::1 "
    "2002:7f00:1:: 2002:a9fe:a9fe:: 2002:5db8:d822:: 2620:4f:8000::1 3fff::1 3fff:fff::1 4000::1 5f00::1 fc00::1 "
    "fd00:ec2::254 fe80::1 febf::1 fec0::1 ff02::1 ff0e::1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe ::ffff:10.0.0.1 "
    "::ffff:192.0.0.192 1fff::1"
).split()
OPEN_V6 = "2000::1 2001:200::1 2001:db7::1 2001:db9::1 2606:4700:4700::1111 2a00:1450:4001:81b::200e 3ffe::1".split()


def spellings_v4(text: str) -> Iterator[str]:
    """Host spellings that some resolver or parser takes for this address."""
    value = int(ipaddress.IPv4Address(text))
    a, b, c, d = (int(part) for part in text.split("."))
    yield text
    yield text + "."
    yield str(value)
    yield hex(value)
    yield f"0{value:o}"
    yield f"{a:#x}.{b:#x}.{c:#x}.{d:#x}"
    yield f"0{a:o}.0{b:o}.0{c:o}.0{d:o}"
    yield f"{a:03d}.{b:03d}.{c:03d}.{d:03d}" + ("" if a < 100 else ".0")
    yield f"{a}.{b}.{c * 256 + d}"
    yield f"{a}.{(b * 256 + c) * 256 + d}"
    yield f"{a}.{b}.{c}.{d:#x}"
    yield text.replace(".", "。")
    yield text.replace(".", "．")
    yield "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in text)
    yield text.replace("1", "①").replace("2", "②")
    yield "".join(f"%{ord(one):02x}" for one in text)
    yield f"[::ffff:{text}]"
    yield f"[::ffff:{a:02x}{b:02x}:{c:02x}{d:02x}]"
    yield f"[0:0:0:0:0:FFFF:{text}]"
    yield f"[::{text}]"
    yield f"[64:ff9b::{text}]"
    yield f"[2002:{a:02x}{b:02x}:{c:02x}{d:02x}::]"
    yield f"user@{text}"
    yield f"app.sample.com@{text}"
    yield f"app.sample.com\\@{text}"
    yield f"{text}:22"


def spellings_v6(text: str) -> Iterator[str]:
    exploded = ipaddress.IPv6Address(text).exploded
    yield f"[{text}]"
    yield f"[{exploded}]"
    yield f"[{exploded.upper()}]"
    yield f"[{text}%25eth0]"
    yield f"[{text}%lo]"


NAMES = (
    "localhost LOCALHOST localhost. localhost.localdomain a.localhost router printer.local db.internal "
    "metadata.google.internal 1.0.0.127.in-addr.arpa x.home.arpa hidden.onion host.lan nas.home wiki.corp "
    "box.intranet app.test app.invalid "
    "app.example a..com .com - kubernetes.default.svc.cluster.local instance-data ⓛocalhost localhost%00.sample.com"
).split()

HOSTS = (
    [spelled for one in CLOSED_V4 for spelled in spellings_v4(one)]
    + [spelled for one in CLOSED_V6 for spelled in spellings_v6(one)]
    + NAMES
)
LINKS = (
    [f"http://{host}/latest/meta-data/" for host in HOSTS]
    + [f"https://{host}/" for host in [*CLOSED_V4, "[::1]", "localhost"]]
    + [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://app.sample.com/",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:",
        "http://",
        "//127.0.0.1/",
        "http:127.0.0.1/",
        "http:///127.0.0.1/",
        "https://app.sample.com:8443/",
        "http://app.sample.com:0/",
        "http://app.sample.com:99999/",
        "http://app.sample.com:80:81/",
        "http://name:secret@app.sample.com/",
        "http://@app.sample.com/",
        "http://app.sample.com /",
        "http://app.sample.com\r\nHost: 127.0.0.1/",
        "http://app\x00.sample.com/",
        "http://[::1",
        "http://[1.2.3.4]/",
        "",
        "x" * 3000,
        "http://app.sample.com/" + "x" * 3000,
    ]
)


@pytest.fixture
def network() -> Iterator[Network]:
    server = LinkServer()
    yield Network(server)
    server.stop()


def test_the_table_is_as_wide_as_promised() -> None:
    assert len(set(LINKS)) >= 300


@pytest.mark.parametrize("text", CLOSED_V4 + CLOSED_V6)
def test_special_purpose_addresses_are_closed(text: str) -> None:
    parsed = address.parse(text)
    assert parsed is not None
    assert address.closed(parsed)


@pytest.mark.parametrize("text", OPEN_V4 + OPEN_V6 + ["::ffff:93.184.216.34"])
def test_public_addresses_next_to_them_are_open(text: str) -> None:
    parsed = address.parse(text)
    assert parsed is not None
    assert address.closed(parsed) is None


@pytest.mark.parametrize("text", ["fe80::1%eth0", "127.1", "0x7f.1", "010.0.0.1", "1.2.3", "", "sample.com", "::1::"])
def test_other_notations_are_no_addresses(text: str) -> None:
    assert address.parse(text) is None


def test_direct_links_to_closed_addresses_open_nothing(network: Network) -> None:
    probes = network.prober().probe_all(LINKS)
    assert {link: probe.reason for link, probe in probes.items() if probe.state != "refused"} == {}
    assert network.connects == []
    assert network.lookups == []


def test_redirects_to_closed_addresses_are_not_followed(network: Network) -> None:
    locations = [link for link in LINKS if link and "\x00" not in link and "\r" not in link and len(link) < 3000]
    # Without a host these are relative: they stay on the public host they came from.
    locations = [
        link for link in locations if link not in ("http:", "http://", "http:127.0.0.1/", "http:///127.0.0.1/")
    ]
    links = []
    for number, location in enumerate(locations):
        network.server.routes[f"row{number}.sample.com", "/"] = http(302, b"", f"Location: {location}").replace(
            f"Location: {location}".encode(), b"Location: " + location.encode()
        )
        links.append(f"http://row{number}.sample.com/")
    probes = network.prober(ONCE).probe_all(links)
    followed = {
        locations[number]: probes[link].reason for number, link in enumerate(links) if probes[link].state != "refused"
    }
    assert followed == {}
    assert set(network.connects) == {(PUBLIC, 80)}
    assert len(network.connects) == len(links) == len(network.lookups)


@pytest.mark.parametrize("closed", CLOSED_V4 + CLOSED_V6 + ["fe80::1%eth0", "not an address", ""])
def test_a_name_that_leads_to_a_closed_address_is_refused(network: Network, closed: str) -> None:
    links = {
        "http://alone.sample.com/": [closed],
        "http://last.sample.com/": [PUBLIC, "2606:4700::1111", closed],
        "https://first.sample.com/": [closed, PUBLIC],
    }
    for link, answers in links.items():
        network.names[target.parse(link).host] = answers
    probes = network.prober().probe_all(list(links))
    assert {probe.state for probe in probes.values()} == {"refused"}
    assert network.connects == []
    assert sorted(network.lookups) == ["alone.sample.com", "first.sample.com", "last.sample.com"]


@pytest.mark.parametrize("closed", CLOSED_V4 + CLOSED_V6)
def test_a_name_that_changes_its_answer_is_looked_up_once(network: Network, closed: str) -> None:
    answers = iter([[PUBLIC], [closed], [closed]])
    network.server.routes["flip.sample.com", "/"] = http(200, "an application")
    resolve = network.resolve

    def flipping(name: str) -> list[str]:
        resolve(name)
        return next(answers)

    network.resolve = flipping  # type: ignore[method-assign]
    probe = network.prober().probe_all(["http://flip.sample.com/"])["http://flip.sample.com/"]
    assert probe.state == "live"
    assert network.lookups == ["flip.sample.com"]
    assert network.connects == [(PUBLIC, 80)]


def test_too_many_answers_are_refused(network: Network) -> None:
    network.names["many.sample.com"] = [f"93.184.216.{last}" for last in range(17)]
    probe = network.prober().probe_all(["http://many.sample.com/"])["http://many.sample.com/"]
    assert (probe.state, probe.reason) == ("refused", "the name has more than 16 addresses")
    assert network.connects == []


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("HTTP://App.Sample.COM", "http://app.sample.com"),
        ("https://app.sample.com:443/a?b=c#d", "https://app.sample.com/a?b=c"),
        ("http://app.sample.com./", "http://app.sample.com/"),
        ("https://bücher.sample.com/", "https://xn--bcher-kva.sample.com/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://[::ffff:93.184.216.34]/", "http://93.184.216.34/"),
        ("http://[2606:4700:4700:0::1111]/", "http://[2606:4700:4700::1111]/"),
        ("https://my_app.sample.com:80/", "https://my_app.sample.com:80/"),
    ],
)
def test_ordinary_links_pass(link: str, url: str) -> None:
    assert target.parse(link).url == url


def test_a_refusal_never_repeats_the_link() -> None:
    with pytest.raises(Refused) as caught:
        target.parse("http://name:hunter2@app.sample.com/")
    assert "hunter2" not in caught.value.reason
