"""bin/serve from an empty database: prints address and accounts, answers, stops cleanly, starts again with its data.

Too large a request is refused through the web server itself, with its sentence.
"""

import http.client
import os
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("SECRET_KEY", "FIELD_KEYS", "DB_ROLE", "ENVIRONMENT", "DEBUG", "DEMO_TODAY")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Zeros:
    """So many zero bytes, made as they are read."""

    def __init__(self, size: int):
        self.left = size

    def read(self, count: int) -> bytes:
        count = min(count, self.left)
        self.left -= count
        return bytes(count)


def refused_as_too_large(port: int, size: int) -> bool:
    """Whether so many bytes, all of them sent, are answered by the sentence and not by a broken line."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("POST", "/admissions/", Zeros(size), {"Content-Length": str(size)})
    answer = link.getresponse()
    return answer.status == 413 and "上传的内容有100MB，超过40MB，没有接收" in answer.read().decode()


def test_serve(make_database, tmp_path: Path) -> None:
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key not in OURS}
    environment |= {**make_database("serve"), "STATE_DIR": str(tmp_path), "PORT": str(port)}
    said = []
    for _ in range(2):
        serve = subprocess.Popen(
            [ROOT / "bin" / "serve"], env=environment, cwd=tmp_path, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        with serve:
            lines = []
            for line in serve.stdout:
                lines.append(line)
                if line.startswith("http://"):
                    break
            said.append("".join(lines))
            if not lines:
                raise AssertionError(serve.stderr.read())
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=30) as page:  # noqa: S310
                assert page.status == 200
                assert "default-src 'none'" in page.headers["Content-Security-Policy"]
            assert refused_as_too_large(port, 100 * 1024 * 1024)
            second = subprocess.run([ROOT / "bin" / "serve"], env=environment, capture_output=True, text=True)
            assert (second.returncode, second.stdout) == (1, "")
            assert f"port {port} is taken" in second.stderr
            serve.send_signal(signal.SIGTERM)
            assert serve.wait(60) == 0
    assert said[0] == said[1]
    assert f"http://127.0.0.1:{port}/" in said[0]
    assert "账号" in said[0]
