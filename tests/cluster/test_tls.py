"""With certificates nobody without one joins, and without them nobody listens to a network."""

import socket
import ssl
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import clusters
import pytest
import running
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from evidence.cluster import executor as executor_module
from evidence.cluster.tls import Tls
from evidence.errors import BusyError


def make(folder, name, issuer=None):
    """Write a certificate and its key; return both, to issue others by."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer, by = (key, subject) if issuer is None else (issuer[1], issuer[0].subject)
    begin = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=30))
        .add_extension(x509.BasicConstraints(issuer is None, None), critical=True)
        .sign(signer, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(pem))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, key


@pytest.fixture
def settings(tmp_path):
    make(tmp_path, "part", make(tmp_path, "authority"))
    return {
        "EVIDENCE_EXECUTOR_TLS_CA": str(tmp_path / "authority.pem"),
        "EVIDENCE_EXECUTOR_TLS_CERT": str(tmp_path / "part.pem"),
        "EVIDENCE_EXECUTOR_TLS_KEY": str(tmp_path / "part.key"),
    }


def test_who_has_a_certificate_joins_and_nobody_else(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(executor_module, "_CONNECTING", 2.0)
    ours = Tls(tmp_path / "authority.pem", tmp_path / "part.pem", tmp_path / "part.key")
    make(tmp_path, "stranger", make(tmp_path, "other-authority"))
    theirs = Tls(ours.authority, tmp_path / "stranger.pem", tmp_path / "stranger.key")
    with clusters.scheduler(**settings) as scheduler:
        with clusters.worker(scheduler.address, **settings):
            with closing(clusters.join(scheduler.address, count=1, waiting=0, tls=ours)) as cluster:
                assert cluster.run(pow, 2, 10, seconds=60) == 1024
        for tls in (None, theirs):
            with closing(clusters.join(scheduler.address, count=1, waiting=0, tls=tls)) as cluster:
                with pytest.raises(BusyError, match="scheduler cannot be reached"):
                    cluster.run(pow, 2, 10, seconds=60)
        port = int(scheduler.address.rpartition(":")[2])
        context = ssl.create_default_context(cafile=str(ours.authority))
        context.check_hostname = False
        with socket.create_connection(("127.0.0.1", port)) as plain:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                with context.wrap_socket(plain) as connection:  # without a certificate
                    connection.recv(1)


@pytest.mark.parametrize(
    "command",
    [["scheduler", "--host", "0.0.0.0", "--port", "0"], ["worker", "dask://192.0.2.1:8786"]],  # noqa: S104
    ids=["scheduler", "worker"],
)
def test_without_certificates_nobody_listens_to_a_network(tmp_path, command):
    ended = subprocess.run(
        [sys.executable, "-m", "evidence", *command],
        cwd=running.ROOT,
        env=running.environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "could run programs on every machine" in ended.stderr


def test_certificates_are_set_all_or_none(tmp_path, settings):
    (tmp_path / "part.key").unlink()
    alone = {"EVIDENCE_EXECUTOR_TLS_CA": settings["EVIDENCE_EXECUTOR_TLS_CA"]}
    for chosen, why in ((alone, "go together"), (settings, "part.key cannot be read")):
        ended = subprocess.run(
            [sys.executable, "-m", "evidence", "scheduler", "--port", "0"],
            cwd=running.ROOT,
            env=running.environment(tmp_path) | chosen,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
        assert why in ended.stderr
