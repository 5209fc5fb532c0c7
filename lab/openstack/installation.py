"""OpenStack's services in a Python of their own, and empty databases for them: made once per user, cached. Never touches ours.

Both are built under a temporary name and renamed when whole, so what has the right name is complete.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from platformdirs import user_cache_path

from yunwang.inventories.lab import LabCloud, LabExternalNetwork, LabHost
from yunwang.inventories.verdict import Fatal
from yunwang.lab.openstack import configuration
from yunwang.lab.state import Say, write

HERE = Path(__file__).parent
SERVING = HERE / "serving"
REQUIREMENTS = HERE / "requirements.txt"
OLDEST, NEWEST = (3, 11), (3, 13)
"""Python versions that these releases of OpenStack run on."""

TELL_SECONDS = 10.0
SCHEMA_LANES = (("nova",), ("keystone", "placement", "glance", "cinder", "neutron"))
"""Two processes side by side: nova's migrations take as long as all the others."""


def venv(say: Say) -> Path:
    """The folder of the virtual environment with OpenStack in it, installed now if it is not. Raises Fatal."""
    final = _cache(REQUIREMENTS.read_bytes())

    def whole() -> bool:  # also false when the operating system's Python went away under it
        return (final / "bin/python").exists() and not subprocess.run(
            [final / "bin/python", "-c", "import waitress"], capture_output=True, check=False
        ).returncode

    def build(part: Path) -> None:
        began = time.monotonic()
        say("installing OpenStack's services (once, 700 MB, one to three minutes)")
        log = final.with_name(final.name + ".log")
        _run([[str(base_interpreter()), "-m", "venv", "--without-pip", str(part)]], log, say, "making the virtual environment")
        _install(part, log, say)
        for script in (part / "bin").iterdir():  # they name the Python they were installed for
            if script.is_file() and not script.is_symlink() and str(part).encode() in (text := script.read_bytes()):
                script.write_bytes(text.replace(str(part).encode(), str(final).encode()))
        log.unlink()
        say(f"OpenStack's services are installed in {final} ({time.monotonic() - began:.0f} s)")

    return _once(final, whole, build, say)


def databases(python_home: Path, say: Say) -> Path:
    """A folder with an empty database of every service. Raises Fatal."""
    schema = (SERVING / "lab_schema.py").read_bytes()
    final = _cache(REQUIREMENTS.read_bytes() + schema, suffix="-databases")

    def build(part: Path) -> None:
        say("making the empty databases (once, half a minute)")
        for name, text in configuration.files(
            _BLANK, part, python_home / "etc", dict.fromkeys(configuration.SERVICES, 1), ""
        ).items():
            write(part / name, text, 0o600)
        (part / "db").mkdir()
        python, script = str(python_home / "bin/python"), str(SERVING / "lab_schema.py")
        log = final.with_name(final.name + ".log")
        lanes = [[python, script, str(part), *lane] for lane in SCHEMA_LANES]
        _run(lanes, log, say, "making the empty databases", environment(part, part, python_home))
        for entry in list(part.iterdir()):
            if entry.name != "db":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        log.unlink()

    return _once(final, lambda: (final / "db").is_dir(), build, say) / "db"


def environment(folder: Path, cloud: Path, python_home: Path) -> dict[str, str]:
    """The services' environment: theirs alone, so that no proxy, OS_ variable or secret of the user's gets in."""
    etc = str(cloud / "etc")
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",  # threads otherwise keep an arena each: a fifth of the memory
        "PYTHONPATH": f"{folder / 'lib'}:{SERVING}",
        "PYTHONWARNINGS": "ignore",
        "OS_KEYSTONE_CONFIG_DIR": etc,
        "OS_PLACEMENT_CONFIG_DIR": etc,
        "OS_GLANCE_CONFIG_DIR": etc,
        "OS_NEUTRON_CONFIG_DIR": etc,
        "OS_NEUTRON_CONFIG_FILES": "neutron.conf",
        "OS_NOVA_CONFIG_DIR": etc,
        "OS_NOVA_CONFIG_FILES": f"{python_home}/etc/nova/api-paste.ini;nova.conf",
        "OS_CINDER_DISABLE_EVENTLET_PATCHING": "1",
    }


def base_interpreter() -> Path:
    """The Python to make the environment from: the operating system's, which every user can run, else ours. Raises Fatal."""
    system = [
        Path(folder) / name
        for folder in ("/usr/bin", "/usr/local/bin")
        for name in ("python3", "python3.13", "python3.12", "python3.11")
    ]
    ours = Path(getattr(sys, "_base_executable", "") or sys.executable)
    for python in (*system, ours):
        if python.exists() and OLDEST <= _version(python) <= NEWEST:
            return python
    raise Fatal("no Python between 3.11 and 3.13 was found for the lab's OpenStack", remedy="install python3.12 (or 3.11, 3.13)")


def installers(python: Path) -> list[list[str]]:
    """Commands that install the requirements for `python`, best first: uv (beside our Python, on PATH), our pip. Raises Fatal."""
    wanted = ["--require-hashes", "-r", str(REQUIREMENTS)]
    beside = Path(sys.executable).parent / "uv"
    uv = str(beside) if beside.exists() else shutil.which("uv")
    found = [[uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), *wanted]] if uv else []
    if find_spec("pip"):
        found.append(
            [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(python), "install", *wanted]
        )
    if not found:
        raise Fatal("neither uv nor pip is there to install the lab's OpenStack", remedy="install uv: https://docs.astral.sh/uv/")
    return found


def _install(part: Path, log: Path, say: Say) -> None:
    doing = "installing OpenStack's services"
    *alternatives, last = installers(part / "bin/python")
    for command in alternatives:
        try:
            return _run([command], log, say, doing)
        except Fatal as failure:  # uv does not read pip's configuration, where a site may have put its mirror
            say(f"{failure.message}; trying pip")
    return _run([last], log, say, doing)


def _version(python: Path) -> tuple[int, int]:
    program = "import sys, venv, sqlite3, ssl; print(*sys.version_info[:2])"
    done = subprocess.run([python, "-I", "-c", program], capture_output=True, text=True, check=False)
    return (int(done.stdout.split()[0]), int(done.stdout.split()[1])) if not done.returncode else (0, 0)


def _cache(content: bytes, suffix: str = "") -> Path:
    return user_cache_path("yunwang") / f"openstack-{hashlib.sha256(content).hexdigest()[:12]}{suffix}"


def _once(final: Path, whole: Callable[[], bool], build: Callable[[Path], None], say: Say) -> Path:
    """Build `final` unless it is whole; whoever comes meanwhile waits for it."""
    if whole():
        return final
    final.parent.mkdir(parents=True, exist_ok=True)
    with _lock(final.with_name(final.name + ".lock"), say):
        if whole():  # someone else was faster
            return final
        part = final.with_name(final.name + ".part")
        for old in (part, final):
            shutil.rmtree(old, ignore_errors=True)
        part.mkdir()
        build(part)
        part.rename(final)
    return final


@contextmanager
def _lock(path: Path, say: Say) -> Iterator[None]:
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another process is preparing OpenStack for the lab: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _run(commands: Sequence[Sequence[str]], log: Path, say: Say, doing: str, variables: dict[str, str] | None = None) -> None:
    """Run side by side until all are done, telling that it goes on. Raises Fatal with the end of their output."""
    began = told = time.monotonic()
    with log.open("ab") as out:
        running = [
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=variables) for command in commands
        ]
        try:
            while any(process.poll() is None for process in running):
                with suppress(subprocess.TimeoutExpired):
                    next(process for process in running if process.returncode is None).wait(timeout=TELL_SECONDS)
                if time.monotonic() - told >= TELL_SECONDS:
                    told = time.monotonic()
                    say(f"{doing}: {told - began:.0f} s")
        finally:
            for process in running:
                process.kill()
                process.wait()
    if any(process.returncode for process in running):
        last = log.read_text(errors="replace").strip().splitlines()[-3:]
        raise Fatal(f"{doing} failed: {' | '.join(last)}", remedy=f"see {log}; is a package index reachable?")


_BLANK = LabCloud(
    name="blank",
    region="blank",
    hosts=(LabHost(name="blank", aggregate="blank", vcpus=1, ram_gib=1, disk_gib=1),),
    volume_gib=1,
    external=LabExternalNetwork(name="blank", vlan=1, ipv4=IPv4Network("192.0.2.0/24"), ipv6=IPv6Network("2001:db8::/64")),
)
"""Databases are the same whatever the cloud is."""
