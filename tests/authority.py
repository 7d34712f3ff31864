"""A timestamp authority of the tests' own: openssl behind a server on loopback."""

import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONFIG = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(folder, *arguments, **options):
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, check=True, capture_output=True, **options
    )
    return done.stdout


@contextmanager
def authority(folder):
    """Serve timestamps; gives the address and the root certificate."""
    folder.mkdir()
    (folder / "conf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "conf")
    openssl(
        folder, "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem",
        "-subj", "/CN=Root", "-extensions", "root", "-days", "2",
    )  # fmt: skip
    openssl(folder, "req", "-new", *key, "-keyout", "key", "-out", "csr", "-subj", "/CN=Stamps")
    openssl(
        folder, "x509", "-req", "-in", "csr", "-CA", "root.pem", "-CAkey", "root.key",
        "-CAcreateserial", "-extfile", "conf", "-extensions", "leaf", "-days", "2", "-out", "cert",
    )  # fmt: skip

    class Stamps(BaseHTTPRequestHandler):
        def do_POST(self):
            assert self.headers["Content-Type"] == "application/timestamp-query"
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            openssl(
                folder, "ts", "-reply", "-config", "conf", "-section", "tsa", "-queryfile", "query",
                "-signer", "cert", "-inkey", "key", "-out", "reply",
            )  # fmt: skip
            self.send_response(200)
            self.end_headers()
            self.wfile.write((folder / "reply").read_bytes())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Stamps) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            host, port = server.server_address
            yield f"http://{host}:{port}", (folder / "root.pem").read_bytes()
        finally:
            server.shutdown()
            thread.join()
