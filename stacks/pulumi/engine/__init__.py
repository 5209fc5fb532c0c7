"""The Pulumi CLI and its Python language host: found, fetched, or built from pinned Go sources. Never asks for root.

The Go modules lie beside this file and not in tools/ (which links here), because an installed wheel has no tools/.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from yunwang.credentials.children import PROXIES
from yunwang.credentials.children import environment as environment_of_children
from yunwang.inventories.verdict import Fatal

VERSION = "3.255.0"
"""Of the engine; the SDK that pyproject.toml pins pairs with it."""
_HERE = Path(__file__).parent
_LANGUAGE = "pulumi-language-python"
_EXECUTOR = "pulumi-language-python-exec"
_PARTS = {  # folder of the Go module: package to build, linker's words beyond -s -w
    "cli": (
        "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={VERSION}",
    ),
    "language": ("github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python", ""),
}
_INSTALLER_SECONDS = 120.0
"""For the official installer; where it cannot be reached it fails within a few seconds."""
_REACH_SECONDS = 5.0
_BUILD_SECONDS = 3600.0
SKIP_INSTALLER = "YUNWANG_NO_PULUMI_DOWNLOAD"
"""Set in the environment: never ask the internet for Pulumi."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Engine:
    """A Pulumi CLI that works here; its language host stands beside it or on PATH."""

    pulumi: Path
    version: str
    source: Literal["PATH", "installed", "built"]

    @property
    def folder(self) -> Path:
        """To be first on PATH, so that the CLI finds its language host."""
        return self.pulumi.parent


def cache() -> Path:
    """Where an engine of ours is kept: another version or other Go modules are another folder."""
    pins = b"".join((_HERE / part / name).read_bytes() for part in _PARTS for name in ("go.mod", "go.sum"))
    name = f"pulumi-{VERSION}-{hashlib.sha256(pins).hexdigest()[:12]}"
    return Path(platformdirs.user_cache_dir("yunwang")) / name


def locate() -> Engine | None:
    """The engine that is here already: on PATH (not older than ours), or in the cache. Downloads and builds nothing."""
    if (found := shutil.which("pulumi")) and shutil.which(_LANGUAGE) and (version := _version(Path(found))) and _enough(version):
        return Engine(Path(found), version, "PATH")
    ours = cache() / "bin" / "pulumi"
    if ours.exists() and (version := _version(ours)):
        built = (ours.parent / _EXECUTOR).exists() and (ours.parent / "built").exists()
        return Engine(ours, version, "built" if built else "installed")
    return None


def ensure(say: Say) -> Engine:
    """The engine, fetched by the official installer or built when it is not here. Raises Fatal with what to install."""
    if (engine := locate()) is not None:
        return engine
    target = cache()
    target.parent.mkdir(parents=True, exist_ok=True)
    # built under another name and renamed: a broken build never looks like an engine, and two builders do not meet
    with tempfile.TemporaryDirectory(prefix=f"{target.name}-", dir=target.parent) as unfinished:
        bin_ = Path(unfinished, "made", "bin")
        bin_.mkdir(parents=True)
        if not _installed(bin_, say):
            _build(bin_, say)
        try:
            bin_.parent.rename(target)
        except OSError:
            if locate() is None:  # nobody else was faster: it is broken
                raise Fatal(
                    f"the Pulumi engine cannot be put into {target}", remedy="is the disk full? remove that folder"
                ) from None
    engine = locate()
    if engine is None:
        raise Fatal(
            f"the Pulumi engine in {target} does not run", remedy=f"remove {target} and try again, or install Pulumi {VERSION}"
        )
    return engine


def environment(engine: Engine) -> dict[str, str]:
    """What a process needs to run this engine, our provider and programs in our Python: PATH, and no calls home."""
    ours = [str(engine.folder), str(Path(sys.executable).parent)]
    return {
        "PATH": os.pathsep.join([*ours, os.environ.get("PATH", os.defpath)]),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_EXPERIMENTAL": "true",  # update plans
        "GOGC": "400",  # an engine lives for seconds: a quarter of its time went into collecting garbage
        "GOMEMLIMIT": "160MiB",  # and eight run at a time
    }


def _installed(bin_: Path, say: Say) -> bool:
    """Pulumi's own installer, as its Automation API runs it; False where it cannot be reached."""
    import urllib.error
    import urllib.request

    if os.environ.get(SKIP_INSTALLER):
        return False
    say(f"fetching Pulumi {VERSION} from get.pulumi.com")
    try:
        with urllib.request.urlopen("https://get.pulumi.com/install.sh", timeout=_REACH_SECONDS) as answer:
            script: bytes = answer.read()
        command = ["sh", "-s", "--", "--no-edit-path", "--install-root", str(bin_.parent), "--version", VERSION]
        subprocess.run(
            command,
            input=script,
            check=True,
            capture_output=True,
            timeout=_INSTALLER_SECONDS,
            env=environment_of_children(*PROXIES),
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "code", None) or type(error).__name__
        say(f"get.pulumi.com cannot be reached ({reason})")
        shutil.rmtree(bin_)
        bin_.mkdir()
        return False
    return (bin_ / "pulumi").exists()


def _build(bin_: Path, say: Say) -> None:
    go = shutil.which("go")
    if go is None:
        raise Fatal(
            f"there is no Pulumi CLI {VERSION}, its installer cannot be reached, and there is no Go to build it with",
            remedy="install Pulumi (https://www.pulumi.com/docs/install/) or Go (package golang-go)",
        )
    for part, (package, linker) in _PARTS.items():
        with tempfile.TemporaryDirectory(prefix="yunwang-go-") as source:
            for name in ("go.mod", "go.sum", "tools.go"):
                shutil.copyfile(_HERE / part / name, Path(source, name))
            command = [go, "build", "-trimpath", "-mod=readonly", "-ldflags", f"-s -w {linker}".strip(), "-o", f"{bin_}/", package]
            _run(command, Path(source), {"CGO_ENABLED": "0"}, f"building {package.rpartition('/')[2]} from Go sources", say)
            if part == "language":
                module = "github.com/pulumi/pulumi/sdk/v3"
                listed = [go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module]
                told = subprocess.run(listed, cwd=source, check=True, capture_output=True, text=True, env=_building())
                folder = told.stdout.strip()
                shutil.copyfile(Path(folder, "python", "cmd", _EXECUTOR), bin_ / _EXECUTOR)
                (bin_ / _EXECUTOR).chmod(0o755)
    (bin_ / "built").write_text(f"Pulumi {VERSION}, from {_HERE}\n")


def _building() -> dict[str, str]:
    """What a Go build may see: where modules come from, and its own settings."""
    return environment_of_children("GO", *PROXIES)


def _run(command: list[str], folder: Path, extra: Mapping[str, str], what: str, say: Say) -> None:
    """Runs a long command, telling every half minute that it still does (a cold build takes some ten minutes on two cores)."""
    began = time.monotonic()
    done = threading.Event()

    def tell() -> None:
        say(f"{what} (once; some minutes)")
        while not done.wait(30):
            say(f"{what}: {time.monotonic() - began:.0f} s")

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        subprocess.run(
            command, cwd=folder, env={**_building(), **extra}, check=True, capture_output=True, text=True, timeout=_BUILD_SECONDS
        )
    except subprocess.CalledProcessError as error:
        last = (error.stderr or "").strip().splitlines()[-1:] or ["no reason told"]
        raise Fatal(f"{what} failed: {last[0]}", remedy="needs Go 1.25 or newer and a Go module proxy (GOPROXY)") from None
    except subprocess.TimeoutExpired:
        raise Fatal(f"{what} took more than {_BUILD_SECONDS:.0f} s", remedy="try again: what was compiled is kept") from None
    finally:
        done.set()
        teller.join()


def _version(pulumi: Path) -> str | None:
    try:
        told = subprocess.run(
            [pulumi, "version"],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
            env=environment_of_children() | {"PULUMI_SKIP_UPDATE_CHECK": "true"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip().removeprefix("v")


def _enough(version: str) -> bool:
    """An engine of the same major version, not older than the SDK that speaks with it."""
    try:
        have, want = (tuple(int(part) for part in text.split("-")[0].split(".")) for text in (version, VERSION))
    except ValueError:
        return False
    return have[0] == want[0] and have >= want
