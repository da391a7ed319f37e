"""A PostgreSQL of one's own, thrown away at the end.

``python -m tests.support.postgres COMMAND...`` runs a command beside such a server and hands it the address
in ``MADOGUCHI_TEST_POSTGRES``.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import folders

VARIABLE = "MADOGUCHI_TEST_POSTGRES"
INSTALL = (
    "PostgreSQL was not found. Install it (apt-get install postgresql), or name a server in "
    f"{VARIABLE}=postgresql+psycopg://..., or leave its tests out with --sqlite-only."
)

# Durability is PostgreSQL's own affair and not under test; without it the suite runs several times faster.
# A server in Japan tells the time in Japan: a time stored without its zone shows itself here.
_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "",
    "timezone": "Asia/Tokyo",
    "log_min_messages": "error",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_START_SECONDS = 60


def programs() -> Path | None:
    """Return the folder with initdb and postgres, or None where there is none."""
    # Debian keeps the server's programs off the PATH, in one folder per version.
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    return next((path for path in [*reversed(debian), *on_path] if (path / "postgres").exists()), None)


@dataclass
class Server:
    """One PostgreSQL, reached by its Unix socket alone: no port to be free, no password to make.

    A *durable* one commits to the disk, as in production.
    """

    programs: Path
    folder: Path
    durable: bool = False
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """Return the process that all its others descend from; 0 while it is stopped."""
        return self._process.pid if self._process else 0

    @property
    def url(self) -> str:
        """Return its address for SQLAlchemy, with the database ``postgres``."""
        return f"postgresql+psycopg://madoguchi@/postgres?host={self.folder}"

    def create(self) -> None:
        if owner := _owner():
            shutil.chown(self.folder, owner.pw_uid, owner.pw_gid)
        options = ["--auth=trust", "--username=madoguchi", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        if self._run("initdb", *options, f"--pgdata={self.folder / 'data'}").wait():
            raise RuntimeError("PostgreSQL could not be set up: " + self._log.read_text())

    def start(self) -> None:
        """Start the server and return once it answers."""
        chosen = {**_OPTIONS, **_DURABLE} if self.durable else _OPTIONS
        options = [f"--{name}={value}" for name, value in chosen.items()]
        self._process = self._run(
            "postgres", "-D", f"{self.folder / 'data'}", "-k", f"{self.folder}", *options
        )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start: " + self._log.read_text())
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server; SIGINT breaks connections off in good order, SIGQUIT is a crash."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(timeout=_START_SECONDS)
            self._process = None

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        self.stop(how)
        self.start()

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _answers(self) -> bool:
        command = [str(self.programs / "pg_isready"), "-q", "-h", str(self.folder)]
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        # The server ends with whoever started it, also when that one is killed without a last word.
        command = ["setpriv", "--pdeathsig=INT"]
        if owner := _owner():
            command += [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [*command, str(self.programs / program), *arguments],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )


def _owner() -> pwd.struct_passwd | None:
    """Return whom the server runs as when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """Yield a new, empty server and leave nothing of it behind."""
    found = programs()
    if found is None:
        raise LookupError(INSTALL)
    # A socket's path may be 107 bytes long, so the folder does not lie where TMPDIR says.
    where = folders.DISK if durable else folders.quick()
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-pg-", dir=where))
    server = Server(found, folder, durable)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _beside(server: Server) -> dict[str, str]:
    return {**os.environ, VARIABLE: server.url, "TMPDIR": os.environ.get("TMPDIR") or str(folders.quick())}


def main(command: list[str]) -> int:
    """Run *command* beside a server and return its exit status; a server already named is used as it is."""
    if os.environ.get(VARIABLE):
        return subprocess.run(command, check=False).returncode
    # Being told to end is a reason to tidy up like any other.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with running() as server:
            return subprocess.run(command, check=False, env=_beside(server)).returncode
    except LookupError as missing:
        sys.stderr.write(f"{missing}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
