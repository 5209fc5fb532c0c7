"""Devices with secrets that somebody typed on them, and an archive of a test's own. Judges nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parts.extranet import TIMEOUTS, Extranet
from parts.spying import Spy

from yunwang.journal.audit import By
from yunwang.journal.store import Journal
from yunwang.network.archive.archive import file_of
from yunwang.network.archive.sweep import Swept, sweep
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport import connect

BY = By("li-wei", "desk", "yunwang net backup")
SECRETS = {
    "yz-agg-a": ("snmp-agent community read cipher {}", "%^%#Rd8!kq(oVRP)%^%#", "%^%#Zq0=other'VRP%^%#"),
    "yz-core-a": ("snmp-agent community write cipher {}", "%^%#Rd8!kq(oVRP8%^%#", "%^%#Zq0=otherVRP8%^%#"),
    "yz-core-b": ("snmp-agent community read cipher {}", "$c$3$KyH0comware==", "$c$3$other9Comware=="),
    "lx-acc-1": ("snmp-server community 7 {} rw", "0822455D0A16544541", "1511021F07257A767B"),
    "dh-agg-b": ("snmp-server community {} RO", "night-reads-ios", "day-reads-ios"),
    "yz-gw-a": ("ip ospf message-digest-key 7 md5 {}", "frr-sees-it", "frr-sees-another"),
}
"""Per platform a line with a secret, the secret, and another one."""


@dataclass(frozen=True)
class Guarded:
    """The devices, a journal and an archive of a test's own. `spy` knows every secret."""

    city: Extranet
    journal: Journal
    root: Path
    spy: Spy

    @property
    def masked(self) -> Path:
        return self.root / "archive" / "masked"

    def swept(self, *names: str) -> Swept:
        """Back these devices up."""
        devices = tuple(device for device in self.city.workspace.devices if device.name in names)
        return sweep(self.city.workspace, self.journal, devices, BY)

    def archived(self, name: str) -> str:
        return (self.masked / file_of(name)).read_text()

    def runs(self, name: str) -> str:
        """The device's own words, secrets and all."""
        with connect(self.city.device(name), self.city.workspace, wire=self.root / "wire", timeouts=TIMEOUTS) as session:
            return session.running()

    def by_hand(self, name: str, *lines: str, save: bool = True) -> None:
        """Somebody types lines on a device; a view's are indented."""
        typed: list[PatchLine] = []
        for at, line in enumerate(lines):
            opens = at + 1 < len(lines) and lines[at + 1].startswith(" ") and not line.startswith(" ")
            typed.append(PatchLine(line.strip(), view=("view",) if line.startswith(" ") else (), enters_view=opens))
            if line.startswith(" ") and (at + 1 == len(lines) or not lines[at + 1].startswith(" ")):
                leave = "exit" if name in ("lx-acc-1", "dh-agg-b", "yz-gw-a") else "quit"
                typed.append(PatchLine(leave, view=("view",), leaves_view=True))
        with connect(self.city.device(name), self.city.workspace, wire=self.root / "wire", timeouts=TIMEOUTS) as session:
            session.push(typed)
            session.commit()
            if save:
                session.save()

    def secret(self, name: str, which: int = 0, *, away: bool = False) -> tuple[str, ...]:
        """The lines that give a device its first or other secret, or take it away."""
        form, *values = SECRETS[name]
        line = form.format(values[which])
        if away:
            cisco = {"lx-acc-1": line.removesuffix(" rw"), "dh-agg-b": line, "yz-gw-a": "ip ospf message-digest-key 7"}
            line = f"no {cisco[name]}" if name in cisco else f"undo {line}"
        return ("interface eth1", f" {line}") if name == "yz-gw-a" else (line,)
