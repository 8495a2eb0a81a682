"""What a reader is told about a link, for each way in which a site can answer."""

import errno
import socket
from collections.abc import Iterator

import pytest

from portfolio_audit import __version__
from portfolio_audit.sources.probe import ProbeBudget, Prober
from portfolio_audit.sources.transport import Bounds
from tests.sources.link_server import (
    CONTROL,
    NOW,
    ONCE,
    PUBLIC,
    SHORT,
    Handler,
    LinkServer,
    Network,
    http,
    no_such_name,
    page,
)

AGAIN = ProbeBudget()


@pytest.fixture
def server() -> Iterator[LinkServer]:
    started = LinkServer()
    yield started
    started.stop()


@pytest.fixture
def network(server: LinkServer) -> Network:
    return Network(server)


def show(
    network: Network, *answers: bytes | Handler, link: str = "http://app.sample.com/", budget: ProbeBudget = ONCE
) -> tuple[str, str]:
    host, _, path = link.partition("//")[2].partition("/")
    network.server.routes[host, "/" + path] = list(answers)
    probe = network.prober(budget).probe_all([link])[link]
    return probe.state, probe.reason


def test_a_page_of_its_own_is_live(network: Network) -> None:
    network.server.routes["app.sample.com", "/"] = page("Churn &amp; retention")
    probe = network.prober().probe_all(["http://app.sample.com/"])["http://app.sample.com/"]
    assert (probe.state, probe.reason, probe.status) == ("live", "HTTP 200", 200)
    assert probe.title == "Churn & retention"
    assert probe.checked_at == "2026-03-01T12:00:00Z"
    assert probe.final_url is None


@pytest.mark.parametrize(
    "answer",
    [
        page("Streamlit", '<div id="root"></div><script src="/static/js/main.js"></script>'),
        page("Sign in", "<form><input type=password></form>"),
        http(200, '{"message":"ok"}', "Content-Type: application/json"),
        http(405, "", "Allow: POST"),
        http(422, '{"detail":[]}'),
        b"HTTP/1.0 200 OK\r\n\r\nan old server's page",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npage\r\n0\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" + page("after a hint"),
    ],
)
def test_shells_forms_and_interfaces_are_live(network: Network, answer: bytes) -> None:
    assert show(network, answer)[0] == "live"


@pytest.mark.parametrize("status", [404, 410])
def test_gone_is_dead(network: Network, status: int) -> None:
    assert show(network, page("Oops", status=status)) == ("dead", f"HTTP {status}")


@pytest.mark.parametrize("portal", [page("Our network"), http(404), http(302, b"", "Location: http://10.0.0.1/")])
def test_nothing_is_called_dead_where_something_answers_in_the_place_of_sites(network: Network, portal: bytes) -> None:
    network.server.routes[CONTROL, "/"] = portal
    state, reason = show(network, http(404))
    assert state == "unknown"
    assert "in the place of sites" in reason


def test_the_control_page_is_fetched_once_and_only_for_the_dead(network: Network, server: LinkServer) -> None:
    links = [f"http://app{number}.sample.com/" for number in range(3)]
    for number in range(3):
        server.routes[f"app{number}.sample.com", "/"] = [page("x"), http(404)]
    assert {probe.state for probe in network.prober().probe_all(links).values()} == {"live"}
    assert network.controls == []
    assert {probe.state for probe in network.prober().probe_all(links).values()} == {"dead"}
    assert network.controls == [CONTROL, f"{CONTROL}:80"]


def test_a_phrase_of_a_default_page_in_a_long_page_means_nothing(network: Network) -> None:
    assert show(network, page("My project", "<h1>It works!</h1>" + "<p>And this is how.</p>" * 100))[0] == "live"


@pytest.mark.parametrize(
    "status", [400, 401, 402, 403, 405, 406, 408, 409, 418, 429, 451, 500, 501, 503, 520, 530, 599, 304, 300]
)
def test_what_hides_the_page_or_passes_is_unknown(network: Network, status: int) -> None:
    state, reason = show(network, page("Sorry", status=status))
    assert state == "unknown"
    assert f"HTTP {status}" in reason


@pytest.mark.parametrize(
    "body", ['{"detail":"Not Found"}', "<pre>Cannot GET /</pre>", "404 page not found\n", "Whitelabel Error Page"]
)
def test_a_framework_without_a_page_at_this_address_is_not_dead(network: Network, body: str) -> None:
    state, reason = show(network, http(404, body))
    assert state == "unknown"
    assert "a server runs here" in reason


@pytest.mark.parametrize(
    ("answer", "link"),
    [
        (page("Welcome to nginx!"), "http://app.sample.com/"),
        (page("Apache2 Ubuntu Default Page: It works"), "http://app.sample.com/"),
        (http(200, "<html><body><h1>It works!</h1></body></html>"), "http://app.sample.com/"),
        (page("IIS Windows Server"), "http://app.sample.com/"),
        (page("Heroku | Welcome to your new app!"), "http://app.sample.com/"),
        (page("This domain is for sale"), "http://app.sample.com/"),
        (page("sample.com", '<script src="https://img.sedoparking.com/x.js"></script>'), "http://app.sample.com/"),
        (
            http(200, '<script>window.onload=function(){window.location.href="/lander"}</script>'),
            "http://app.sample.com/",
        ),
        (page("Coming Soon"), "http://app.sample.com/"),
        (http(503, "", "x-render-routing: suspend-by-user"), "http://app.sample.com/"),
        (page("x", "This service has been suspended by its owner.", 503), "http://notes.onrender.com/"),
        (http(404, '{"message":"Application not found"}', "x-railway-fallback: true"), "http://app.sample.com/"),
    ],
)
def test_default_and_parked_pages_are_placeholders(network: Network, answer: bytes, link: str) -> None:
    assert show(network, answer, link=link)[0] == "placeholder"


@pytest.mark.parametrize(
    ("answer", "link", "reason"),
    [
        (page("Site not found", "There isn't a GitHub Pages site here.", 404), "http://ann.github.io/", "GitHub Pages"),
        (
            page("x", '<iframe src="//www.herokucdn.com/error-pages/no-such-app.html">', 404),
            "http://a.herokuapp.com/",
            "Heroku",
        ),
        (http(404, "x", "X-Vercel-Error: DEPLOYMENT_NOT_FOUND"), "http://a.vercel.app/", "Vercel"),
        (http(404, "Not Found - Request ID: 01ABC"), "http://a.netlify.app/", "Netlify"),
        (page("Site Not Found", "Site Not Found", 404), "http://a.web.app/", "Firebase"),
        (http(404, "<Error><Code>NoSuchBucket</Code></Error>"), "http://a.s3.amazonaws.com/", "bucket"),
        (http(404, "", "ngrok-error-code: ERR_NGROK_3200"), "http://a.ngrok-free.app/", "tunnel"),
    ],
)
def test_no_such_application_is_dead_and_says_where(network: Network, answer: bytes, link: str, reason: str) -> None:
    state, told = show(network, answer, link=link)
    assert state == "dead"
    assert reason in told


def test_words_of_a_platform_on_a_page_of_its_own_mean_nothing(network: Network) -> None:
    text = "This app has gone to sleep. No such app. Site not found. This service has been suspended. Cannot GET /"
    assert show(network, page("My post on hosting", text))[0] == "live"


@pytest.mark.parametrize(
    "answer",
    [
        page("Just a moment...", status=403),
        page("Just a moment..."),
        http(202, "", "x-amzn-waf-action: challenge"),
        http(403, "", "cf-mitigated: challenge"),
        page("404 Not Found"),
        http(200, b"\x1f\x8b" + b"x" * 100, "Content-Encoding: gzip"),
        http(200, "  \n "),
        http(204),
    ],
)
def test_walls_and_pages_that_cannot_be_judged_are_unknown(network: Network, answer: bytes) -> None:
    assert show(network, answer)[0] == "unknown"


def test_a_platform_that_wakes_the_service_is_asleep_after_three_looks(network: Network) -> None:
    wake = http(503, "", "x-render-routing: dynamic-hibernate-error-503")
    network.server.routes["notes.onrender.com", "/"] = wake
    probe = network.prober(AGAIN).probe_all(["http://notes.onrender.com/"])["http://notes.onrender.com/"]
    assert (probe.state, probe.status) == ("sleeping", 503)
    assert len(network.server.requests) == 3
    assert network.paused == [5.0, 15.0]


def test_a_service_that_wakes_meanwhile_is_live(network: Network) -> None:
    answers = http(503, "", "x-render-routing: hibernate-wake-error"), page("Awake")
    assert show(network, *answers, budget=AGAIN) == ("live", "HTTP 200")
    assert network.paused == [5.0]


def test_too_busy_waking_to_answer_is_still_asleep(network: Network) -> None:
    answers = page("x", "SERVICE WAKING UP", 503), http(502), b""
    assert show(network, *answers, link="http://notes.onrender.com/", budget=AGAIN)[0] == "sleeping"


@pytest.mark.parametrize("status", [502, 503, 504])
def test_gateway_errors_are_looked_at_again_and_stay_unknown(network: Network, status: int) -> None:
    assert show(network, http(status), budget=AGAIN) == ("unknown", f"HTTP {status}")
    assert len(network.server.requests) == 3


def test_a_settled_page_is_looked_at_once(network: Network) -> None:
    assert show(network, page("x", status=404), budget=AGAIN)[0] == "dead"
    assert len(network.server.requests) == 1
    assert network.paused == []


def test_not_found_after_an_outage_is_not_called_dead(network: Network) -> None:
    assert show(network, http(502), page("x", status=404), budget=AGAIN)[0] == "unknown"


def test_render_without_a_server_is_never_called_dead(network: Network) -> None:
    assert show(network, http(404, "Not Found", "x-render-routing: no-server"), budget=AGAIN)[0] == "unknown"


def test_a_name_that_does_not_exist_is_dead(network: Network) -> None:
    network.names["app.sample.com"] = no_such_name()
    probe = network.prober(AGAIN).probe_all(["http://app.sample.com/"])["http://app.sample.com/"]
    assert (probe.state, probe.reason) == ("dead", "no such name")
    assert network.lookups == ["app.sample.com"]
    assert network.controls == [CONTROL]
    assert network.connects == []


def test_no_name_is_called_dead_where_names_do_not_work(network: Network) -> None:
    network.names["app.sample.com"] = network.names[CONTROL] = no_such_name()
    probe = network.prober(AGAIN).probe_all(["http://app.sample.com/"])["http://app.sample.com/"]
    assert (probe.state, probe.reason) == ("unknown", "no names are found here")


@pytest.mark.parametrize("failure", [socket.gaierror(-3, "again"), OSError("x"), UnicodeError("x"), RuntimeError("x")])
def test_a_name_service_in_trouble_is_unknown(network: Network, failure: Exception) -> None:
    network.names["app.sample.com"] = failure
    probe = network.prober(AGAIN).probe_all(["http://app.sample.com/"])["http://app.sample.com/"]
    assert (probe.state, probe.reason) == ("unknown", "the name could not be looked up")


def test_a_refused_connection_is_dead_after_a_second_look(network: Network) -> None:
    network.names["app.sample.com"] = ["93.184.216.99"]
    network.refuse.add("93.184.216.99")
    probe = network.prober(AGAIN).probe_all(["http://app.sample.com/"])["http://app.sample.com/"]
    assert (probe.state, probe.reason) == ("dead", "connection refused")
    assert network.connects.count(("93.184.216.99", 80)) == 3
    assert network.controls == [CONTROL, f"{CONTROL}:443"], "asked once, and nothing sent"


def test_a_refused_connection_is_unknown_after_one_look(network: Network) -> None:
    network.refuse.add(PUBLIC)
    assert show(network, http(200))[0] == "unknown"


def test_a_refused_connection_is_unknown_where_all_are_refused(network: Network) -> None:
    network.unreachable = ConnectionRefusedError(errno.ECONNREFUSED, "refused")
    assert show(network, http(200), budget=AGAIN) == ("unknown", "connection refused")


@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENETUNREACH, "x"), OSError(errno.EHOSTUNREACH, "x"), TimeoutError("x"), PermissionError("x")],
)
def test_an_unplugged_network_is_unknown(network: Network, failure: OSError) -> None:
    network.unreachable = failure
    assert show(network, http(200), budget=AGAIN)[0] == "unknown"


def test_the_second_address_is_tried_and_a_missing_family_is_ignored(network: Network) -> None:
    network.names["app.sample.com"] = ["2606:4700::1", "93.184.216.99", PUBLIC]
    network.refuse.add("93.184.216.99")
    assert show(network, page("x"))[0] == "live"
    assert network.connects == [("93.184.216.99", 80), (PUBLIC, 80)]


def test_redirects_are_followed_and_the_session_in_the_last_one_is_not_kept(
    network: Network, server: LinkServer
) -> None:
    server.routes["app.sample.com", "/"] = http(301, b"", "Location: //www.app.sample.com/a/../start")
    server.routes["www.app.sample.com", "/start"] = http(
        303, b"", "Location: /login?session=hunter2#top", "Set-Cookie: a=b"
    )
    server.routes["www.app.sample.com", "/login?session=hunter2"] = page("Hello")
    probe = network.prober().probe_all(["http://app.sample.com/"])["http://app.sample.com/"]
    assert (probe.state, probe.final_url) == ("live", "http://www.app.sample.com/login")
    assert not any("cookie" in request.lower() for request in server.requests)


def test_redirects_end_after_five(network: Network, server: LinkServer) -> None:
    for step in range(9):
        server.routes["app.sample.com", f"/{step}"] = http(302, b"", f"Location: /{step + 1}")
    probe = network.prober().probe_all(["http://app.sample.com/0"])["http://app.sample.com/0"]
    assert (probe.state, probe.reason) == ("unknown", "more than 5 redirects")
    assert len(server.requests) == 6


def test_a_circle_of_redirects_is_left_at_once(network: Network, server: LinkServer) -> None:
    server.routes["app.sample.com", "/"] = http(302, b"", "Location: /a")
    server.routes["app.sample.com", "/a"] = http(302, b"", "Location: /")
    assert show(network, http(302, b"", "Location: /a"))[1] == "redirects in a circle"
    assert len(server.requests) == 2


def test_a_redirect_to_a_missing_page_elsewhere_is_not_called_dead(network: Network, server: LinkServer) -> None:
    server.routes["other.sample.com", "/moved/here"] = page("x", status=404)
    assert show(network, http(302, b"", "Location: http://other.sample.com/moved/here"))[0] == "unknown"


def test_a_missing_page_behind_a_harmless_redirect_is_dead(network: Network, server: LinkServer) -> None:
    server.routes["www.app.sample.com", "/demo/"] = page("x", status=404)
    answer = http(301, b"", "Location: http://www.app.sample.com/demo/")
    assert show(network, answer, link="http://app.sample.com/demo")[0] == "dead"


def test_a_redirect_to_a_name_that_does_not_exist_is_not_called_dead(network: Network) -> None:
    network.names["gone.sample.com"] = no_such_name()
    assert show(network, http(302, b"", "Location: http://gone.sample.com/"))[0] == "unknown"


def test_a_sign_in_elsewhere_is_unknown(network: Network, server: LinkServer) -> None:
    server.routes["accounts.google.com", "/signin"] = page("Sign in")
    assert show(network, http(302, b"", "Location: http://accounts.google.com/signin"))[0] == "unknown"


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (b"<title>Caf\xe9</title>", "Caf\ufffd"),
        (b"<meta charset=latin1><title>Caf\xe9</title>", "Café"),
        (b"<meta charset=zip><title>Caf\xc3\xa9</title>", "Café"),
        (b"<meta charset=unicode_escape><title>\\u0041</title>", "\\u0041"),
        ("<title>a\u202eb\u200bc\u0007d\x1b[31m\x9b</title>".encode(), "abcd[31m"),
        (b"<title>a&#x202e;b&#7;c&lt;i&gt;\n\t d</title>", "abc<i> d"),
        (b"<TITLE lang=x>" + b"x" * 5000 + b"</TITLE>", "x" * 119 + "…"),
        (b"<title>never closed", None),
        (b"<title" * 5000, None),
        (b"<title>  </title>x", None),
        (b'{"title": 1}', None),
    ],
)
def test_titles_are_one_clean_line(network: Network, raw: bytes, title: str | None) -> None:
    network.server.routes["app.sample.com", "/"] = http(200, raw)
    assert network.prober().probe_all(["http://app.sample.com/"])["http://app.sample.com/"].title == title


def test_what_we_send(network: Network, server: LinkServer) -> None:
    show(network, page("x"))
    lines = server.requests[0].split("\r\n")
    assert lines[0] == "GET / HTTP/1.1"
    names = {line.partition(":")[0].lower() for line in lines[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "accept-language", "connection"}
    assert f"User-Agent: portfolio-audit/{__version__} (+link check)" in lines
    assert "Accept-Encoding: identity" in lines
    assert "Connection: close" in lines


def test_the_environment_changes_nothing(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert show(network, page("x"))[0] == "live"
    assert network.connects == [(PUBLIC, 80)]


def test_links_are_opened_once_each_and_one_at_a_time_per_host(network: Network, server: LinkServer) -> None:
    links = [f"http://app{number % 3}.sample.com/{number}" for number in range(30)]
    for number in range(30):
        server.routes[f"app{number % 3}.sample.com", f"/{number}"] = http(302, b"", "Location: http://hub.sample.com/")
    server.routes["hub.sample.com", "/"] = page("x")
    server.hold = 0.002
    probes = network.prober(ProbeBudget()).probe_all(links + links + [links[0] + "#again"])
    assert list(probes) == [*links, links[0] + "#again"]
    assert {probe.state for probe in probes.values()} == {"live"}
    assert len(server.requests) == 60
    assert set(server.most_at_once.values()) == {1}


def test_the_budget_of_a_run_holds_and_is_said(network: Network, server: LinkServer) -> None:
    server.routes["app.sample.com", "*"] = page("x")
    budget = ProbeBudget(links=3)
    probes = network.prober(budget).probe_all([f"http://app.sample.com/{number}" for number in range(5)])
    assert [probe.state for probe in probes.values()] == ["live"] * 3 + ["unknown"] * 2
    assert "budget" in list(probes.values())[-1].reason
    assert len(server.requests) == 3


def test_the_time_of_a_run_holds_and_is_said(network: Network, server: LinkServer) -> None:
    server.routes["app.sample.com", "*"] = page("x")
    clock = iter(range(0, 10_000))
    prober = Prober(
        resolve=network.resolve,
        connect=network.connect,
        now=lambda: NOW,
        monotonic=lambda: float(next(clock)),
        budget=ProbeBudget(attempt=100, run=20, workers=1, bounds=Bounds()),
    )
    probes = prober.probe_all([f"http://app.sample.com/{number}" for number in range(30)])
    states = [probe.state for probe in probes.values()]
    assert states[0] == "live"
    assert states[-1] == "unknown"
    assert "time for link checks" in list(probes.values())[-1].reason


def test_an_interrupt_ends_the_run(network: Network) -> None:
    network.unreachable = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        network.prober(AGAIN).probe_all([f"http://app{number}.sample.com/" for number in range(40)])
    assert len(network.connects) < 40
    assert network.paused == []


def test_a_name_without_an_address_is_unknown(network: Network) -> None:
    network.names["app.sample.com"] = []
    assert show(network, page("x")) == ("unknown", "the name has no address")


def test_a_host_that_keeps_others_waiting_does_not_hold_them_up(network: Network, server: LinkServer) -> None:
    links = [f"http://app{number}.sample.com/" for number in range(4)]
    for number in range(4):
        server.routes[f"app{number}.sample.com", "/"] = http(302, b"", f"Location: http://hub.sample.com/{number}")
    server.routes["hub.sample.com", "*"] = server.silence
    probes = network.prober(SHORT).probe_all(links)
    assert {(probe.state, probe.reason) for probe in probes.values()} == {("unknown", "timed out after 0.3 s")}


def test_no_links_cost_nothing(network: Network) -> None:
    assert network.prober().probe_all([]) == {}
