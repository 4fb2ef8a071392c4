"""`speechcoach serve --lan`: one port that takes TLS, with a certificate of its own, and sends whoever comes without it there."""

import hashlib
import ipaddress
import socket
import ssl
from types import SimpleNamespace

import httpx
import pytest
from audio_bytes import pcm_of_wav
from conftest import run
from live_client import Live


PRIVATE = [ipaddress.ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]


def trusting(authority: str) -> ssl.SSLContext:
    """As a phone that has installed the authority."""
    return ssl.create_default_context(cadata=authority)


def address_in_a_private_network() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 9))  # sends nothing
        except OSError:
            return None
        address = ipaddress.ip_address(probe.getsockname()[0])
    return str(address) if any(address in network for network in PRIVATE) else None


def test_phones_come_by_tls_and_the_machine_itself_as_before(own_server, recording, request):
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("the same on every database")
    server = own_server.start("--lan", "--host", "127.0.0.1")
    assert server.url.startswith("http://localhost:")
    said = server.process.stdout.readline()
    url = said.split(" open ")[1].split(",")[0]
    assert url == server.url.replace("http://localhost", "https://127.0.0.1")
    learner = server.guest()
    with learner.http as http:
        access = http.get("/api/v1/lan").json()
        given = http.get("/api/v1/lan/authority")
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(given.text)).digest()
    assert access == {"url": url, "fingerprint": digest.hex(":").upper()}
    assert given.headers["content-type"] == "application/x-x509-ca-cert"

    phone = trusting(given.text)
    with httpx.Client(base_url=url, verify=phone, headers={"Authorization": f"Bearer {learner.token}"}) as http:
        assert http.get("/healthz").status_code == 200
        assert http.get("/api/v1/sentences").status_code == 200
    with Live(SimpleNamespace(url=url), learner.token, ssl=phone) as live:
        started = live.start()
        complete = live.finish(started, live.stream(started, pcm_of_wav(recording("good.wav"))))
        assert complete["type"] == "analysis_complete"
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/healthz")  # nobody else vouches for it

    port = int(url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port)) as begun, socket.create_connection(("127.0.0.1", port)) as broken:
        begun.sendall(b"\x16\x03\x01")
        broken.sendall(b"\x16" + b"nonsense" * 100)
        broken.settimeout(30)
        while broken.recv(4096):
            pass  # an alert, then the end
        assert httpx.get(f"{url}/healthz", verify=phone).status_code == 200
        assert server.stop() == 0
    assert "PRIVATE KEY" not in server.log_path.read_text()

    # From elsewhere, as far as the server can tell.
    address = address_in_a_private_network()
    if address is None:
        pytest.skip("this machine is in no private network")
    server.start("--lan", "--host", address)
    answer = httpx.get(f"{server.url}/classes?code=AB", follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"] == server.url.replace("http://", "https://") + "/classes?code=AB"
    secure = server.url.replace("http://", "https://")
    assert httpx.get(f"{secure}/api/v1/lan/authority", verify=False).text == given.text, "made once"

    # A socket for both versions of IP tells this machine from others too.
    if not socket.has_dualstack_ipv6():
        return
    assert server.stop() == 0
    server.start("--lan", "--host", "::")
    port = int(server.url.rsplit(":", 1)[1])
    assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    assert httpx.get(f"http://{address}:{port}/healthz", follow_redirects=False).status_code == 308


def refusal_of_host(host: str, data_dir) -> str:
    refused = run("serve", "--lan", "--host", host, data_dir=str(data_dir))
    assert refused.returncode == 2
    return refused.stderr


def test_only_addresses_that_the_authority_may_vouch_for_are_taken(tmp_path):
    assert "school.local is no IPv4 address" in refusal_of_host("school.local", tmp_path)
    assert "8.8.8.8 is in no private network" in refusal_of_host("8.8.8.8", tmp_path)
    assert not (tmp_path / "lan_authority.pem").exists()


def test_an_authority_that_cannot_be_read_is_left_alone(tmp_path):
    authority = tmp_path / "lan_authority.pem"
    authority.write_text("nothing")
    assert f"{authority}: holds no certificate with its key" in refusal_of_host("127.0.0.1", tmp_path)
    assert authority.read_text() == "nothing"


def test_a_server_that_is_open_to_no_network_says_so(learner):
    with learner.http as http:
        assert http.get("/api/v1/lan").json() == {"url": None, "fingerprint": None}
        assert http.get("/api/v1/lan/authority").status_code == 404
