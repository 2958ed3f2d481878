"""bin/serve from an empty database: prints address and accounts, answers, stops cleanly, starts again with its data."""

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
            second = subprocess.run([ROOT / "bin" / "serve"], env=environment, capture_output=True, text=True)
            assert (second.returncode, second.stdout) == (1, "")
            assert f"port {port} is taken" in second.stderr
            serve.send_signal(signal.SIGTERM)
            assert serve.wait(60) == 0
    assert said[0] == said[1]
    assert f"http://127.0.0.1:{port}/" in said[0]
    assert "账号" in said[0]
