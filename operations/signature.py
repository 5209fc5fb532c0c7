"""OpenSSH signatures over short texts, by `ssh-keygen -Y` (sshsig). Never reads a private key and never sees a passphrase.

https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from yunwang.credentials.children import environment
from yunwang.inventories.roles import NAMESPACE, AllowedSigner
from yunwang.inventories.verdict import Fatal, Refused

KEYGEN = "ssh-keygen"


def sign(text: str, key: Path | AllowedSigner) -> str:
    """The armoured signature. `key`: a private key file, the public half of one that ssh-agent holds, or such a line.

    ssh-keygen asks for a passphrase on the terminal. Raises Refused where it does not sign.
    """
    with tempfile.TemporaryDirectory(prefix="yunwang-sign-") as folder:
        message = Path(folder, "message")
        message.write_text(text)
        if isinstance(key, AllowedSigner):
            file = Path(folder, "key.pub")
            file.write_text(f"{key.key_type} {key.key}\n")
        else:
            file = key.expanduser()
            if not file.is_file():
                raise Refused(f"there is no key {key}", remedy="name your private key, or its public half, with --key")
        done = _keygen(["-Y", "sign", "-f", str(file), "-n", NAMESPACE, str(message)])
        signature = message.with_name("message.sig")
        if done.returncode or not signature.exists():
            raise Refused(
                f"{file.name} did not sign: {_reason(done)}",
                remedy="name your own private key with --key, and give its passphrase on a terminal, or load it with ssh-add",
            )
        return signature.read_text()


def fault(text: str, signature: str, person: str, signers: Iterable[AllowedSigner], at: datetime) -> str:
    """Why a signature is not the person's over this text with a key that was allowed `at` that time (UTC); empty: it is."""
    with tempfile.TemporaryDirectory(prefix="yunwang-verify-") as folder:
        allowed, armour = Path(folder, "allowed_signers"), Path(folder, "signature")
        allowed.write_text("".join(f"{signer.line}\n" for signer in signers))
        armour.write_text(signature)
        words = ["-Y", "verify", "-f", str(allowed), "-I", person, "-n", NAMESPACE, "-s", str(armour)]
        done = _keygen([*words, f"-Overify-time={at:%Y%m%d%H%M%S}"], text)
    return "" if done.returncode == 0 else _reason(done)


def held_by_agent(signers: Sequence[AllowedSigner]) -> AllowedSigner | None:
    """The first of these keys that the ssh-agent of this session holds."""
    try:
        told = subprocess.run(
            ["ssh-add", "-L"], capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment("SSH_"), check=False
        )
    except OSError:
        return None
    held = {tuple(line.split()[:2]) for line in told.stdout.splitlines()} if told.returncode == 0 else set()
    return next((signer for signer in signers if (signer.key_type, signer.key) in held), None)


def kept_at_home(signers: Sequence[AllowedSigner]) -> Path | None:
    """The private key in ~/.ssh whose public half is one of these."""
    wanted = {(signer.key_type, signer.key) for signer in signers}
    for public in sorted(Path.home().joinpath(".ssh").glob("*.pub")):
        try:
            words = tuple(public.read_text(errors="replace").split()[:2])
        except OSError:
            continue
        if words in wanted and public.with_suffix("").is_file():
            return public.with_suffix("")
    return None


def _keygen(words: Sequence[str], text: str | None = None) -> subprocess.CompletedProcess[str]:
    """`text` None: standard input is the terminal's, so that it can ask. Times are read as UTC by every version (TZ)."""
    asking = environment("SSH_", "DISPLAY", "WAYLAND_DISPLAY") | {"LC_ALL": "C", "TZ": "UTC"}
    try:
        return subprocess.run([KEYGEN, *words], input=text, capture_output=True, text=True, env=asking, check=False)
    except OSError as error:
        raise Fatal(f"{KEYGEN} cannot be run: {error.strerror}", remedy="install it (package openssh-client)") from None


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """What ssh-keygen said, without its own name of the place where the file was."""
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Could not verify", "Signing file", "@@@"))]
    return (telling or lines or ["it told no reason"])[0]
