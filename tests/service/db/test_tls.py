"""Tests of encrypted connections, routed and direct, to a server with its own certificate."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from service.managed import home, server
from service.managed.connection import ConnectionInfo, find_running
from service.managed.owner import Owner
from service.settings import Settings

TLS = """\
dbms.ssl.policy.bolt.enabled=true
dbms.ssl.policy.bolt.base_directory=certificates/bolt
dbms.ssl.policy.bolt.private_key=private.key
dbms.ssl.policy.bolt.public_certificate=public.crt
dbms.ssl.policy.bolt.client_auth=NONE
server.bolt.tls_level=REQUIRED
"""


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ConnectionInfo, Path]]:
    """Return a server that takes encrypted connections only, and the certificate to trust it by."""
    data = tmp_path_factory.mktemp("tls")
    folder = data / "neo4j" / "certificates" / "bolt"
    folder.mkdir(parents=True)
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    issued.private_key_pem.write_to_path(folder / "private.key")
    (folder / "public.crt").write_bytes(b"".join(one.bytes() for one in issued.cert_chain_pems))
    authority.cert_pem.write_to_path(data / "authority.pem")
    settings = Settings(data_dir=data, neo4j_uri=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(home, "CONFIGURATION", home.CONFIGURATION + TLS)
        patch.setattr(server, "is_answering", is_listening)
        with Owner(settings):
            found = find_running(settings)
            assert found is not None
            yield found, data / "authority.pem"


def run_query(to: ConnectionInfo, scheme: str, **more: str) -> subprocess.CompletedProcess[str]:
    given = {
        "PARLEY_NEO4J_URI": to.uri.replace("bolt:", f"{scheme}:"),
        "PARLEY_NEO4J_PASSWORD": to.password.get_secret_value(),
    }
    return subprocess.run(
        [sys.executable, "-m", "service", "cypher", "RETURN 1 AS n", "--csv"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **given, **more},
    )


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
def test_a_trusted_certificate_is_enough(
    encrypted: tuple[ConnectionInfo, Path], scheme: str
) -> None:
    to, authority = encrypted
    said = run_query(to, scheme, SSL_CERT_FILE=str(authority))
    assert (said.returncode, said.stdout.split()) == (0, ["n", "1"]), said.stderr


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s", "bolt"])
def test_without_trust_or_encryption_it_is_one_clear_line(
    encrypted: tuple[ConnectionInfo, Path], scheme: str
) -> None:
    to, _ = encrypted
    said = run_query(to, scheme, PARLEY_CONNECTION_TIMEOUT="2")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.strip().splitlines() == [
        "error SERVICE_UNAVAILABLE: The database cannot be reached. Is it up? Try again shortly."
    ]
