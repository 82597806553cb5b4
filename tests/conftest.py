"""What many tests share."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.store import Store

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of shared corpora and cases; the test is skipped where it is absent."""
    if not (SHARED / "README.md").is_file():
        pytest.skip("needs ../shared, which is not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def demo_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's case, built once from its bundled (fictional) reports. Copy it; do not change it."""
    from marsad import demo
    from marsad.pipeline import create_case

    folder = tmp_path_factory.mktemp("demo") / "case"
    with create_case(folder, name="Demonstration (fictional)", person="layla") as case:
        for received in case.add([demo.reports()]):
            assert received.exhibit is not None, received.problem
        case.refresh()
    return folder


@pytest.fixture
def demo_case(demo_built: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration's case, to do with as the test likes."""
    return Path(shutil.copytree(demo_built, tmp_path / "case"))


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of the tests' own, on loopback, gone afterwards."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found or not (found[-1] / "initdb").exists():
        pytest.skip("needs PostgreSQL's server programs (Debian: postgresql)")
    folder, port = tmp_path_factory.mktemp("postgres"), _free_port()
    as_user = []
    if os.geteuid() == 0:
        # initdb refuses to run as root; Debian's package brings the user postgres.
        for parent in (folder, *folder.parents):
            if parent.stat().st_uid == 0 and parent.name.startswith(("pytest-", "popen-", "postgres")):
                parent.chmod(0o755)
        shutil.chown(folder, "postgres")
        # In /sbin, which a bare PATH may lack.
        runuser = shutil.which("runuser", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        as_user = [runuser or "runuser", "-u", "postgres", "--"]
    run = lambda *a: subprocess.run([*as_user, *a], check=True, capture_output=True, cwd="/")  # noqa: E731
    data = str(folder / "data")
    run(str(found[-1] / "initdb"), "-D", data, "-A", "trust", "-U", "marsad", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    run(str(found[-1] / "pg_ctl"), "-D", data, "-o", options, "-w", "-l", str(folder / "log"), "start")
    yield f"postgresql+pg8000://marsad@127.0.0.1:{port}/postgres"
    # Its folder may be gone by now, where several runs of the tests share one temporary folder.
    stop = [str(found[-1] / "pg_ctl"), "-D", data, "-m", "immediate", "stop"]
    subprocess.run([*as_user, *stop], check=False, capture_output=True, cwd="/")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store on each engine."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'case.sqlite'}"
    else:
        import sqlalchemy as sa

        url = request.getfixturevalue("postgres_url")
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
    opened = Store.open(url)
    yield opened
    opened.close()
