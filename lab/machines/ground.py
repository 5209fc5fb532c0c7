"""Where the machines stand: each in a network namespace on a common line, or all on loopback. Starts nothing that listens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Protocol
from zlib import crc32

from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Fatal
from yunwang.lab import namespaces
from yunwang.lab.process import free_ports

POOL = IPv4Network("10.231.0.0/16")
"""Private (RFC 1918); a lab takes a /24 in it that touches no route of this host, looking from a place of its own on: two that
start at once, or one whose line is down for a moment, do not meet in the same."""
SSH_PORT = 22


class Seat(Noun):
    """Where a machine is reached."""

    host: str
    port: int


class Ground(Protocol):
    """What machines stand on."""

    def sound(self) -> bool:
        """Whether what they share is there as it was left."""

    def fits(self, seat: Seat) -> bool:
        """Whether it could be a seat here."""

    def build(self) -> None:
        """Make what they share. Nothing of this lab may be running. Raises Fatal."""

    def seats(self, names: Sequence[str], former: Mapping[str, Seat], kept: set[str]) -> dict[str, Seat]:
        """A seat for each machine: the former one where it can be had; those in `kept` stay. Raises OSError."""

    def place(self, name: str, seat: Seat) -> None:
        """Make the machine's own part anew. Raises Fatal."""

    def clear(self, names: Sequence[str] | None = None) -> None:
        """Take away these machines' own parts; without names, everything."""

    def space(self, name: str) -> str | None:
        """The machine's namespace."""


class Loopback:
    """All machines on 127.0.0.1, told apart by port."""

    def sound(self) -> bool:
        """Nothing is shared."""
        return True

    def fits(self, seat: Seat) -> bool:
        """Loopback it is."""
        return seat.host == "127.0.0.1"

    def build(self) -> None:
        """Nothing to build."""

    def seats(self, names: Sequence[str], former: Mapping[str, Seat], kept: set[str]) -> dict[str, Seat]:
        """A free port each."""
        moving = [name for name in names if name not in kept]
        ports = free_ports([former[name].port if name in former and self.fits(former[name]) else None for name in moving])
        seats = {name: Seat(host="127.0.0.1", port=port) for name, port in zip(moving, ports, strict=True)}
        return {name: seats.get(name) or former[name] for name in names}

    def place(self, name: str, seat: Seat) -> None:
        """Nothing to make."""

    def clear(self, names: Sequence[str] | None = None) -> None:
        """Nothing to take away."""

    def space(self, name: str) -> None:
        """None has one."""
        return


class Namespaces:
    """A namespace each, on a bridge that is in a namespace too, so that this host's packet filter and bridges stay out of it."""

    def __init__(self, folder: Path, former: Mapping[str, Seat]) -> None:
        self._prefix = namespaces.prefix(folder)
        self._hub = f"{self._prefix}hub"
        self._link = f"{self._prefix}h"
        self._network = self._former(former)

    def _former(self, former: Mapping[str, Seat]) -> IPv4Network | None:
        addresses = [IPv4Address(seat.host) for seat in former.values()]
        return IPv4Network(f"{addresses[0]}/24", strict=False) if addresses and addresses[0] in POOL else None

    def sound(self) -> bool:
        """Whether the line from this host to the bridge has our address."""
        if self._network is None or self._hub not in namespaces.existing(self._prefix):
            return False
        try:
            return f" {self._network[1]}/24 " in namespaces.ip("-4", "-o", "address", "show", "dev", self._link)
        except Fatal:
            return False

    def fits(self, seat: Seat) -> bool:
        """Whether the address is in the line's network."""
        return self._network is not None and IPv4Address(seat.host) in self._network

    def build(self) -> None:
        """The bridge, and the line from this host to it."""
        self.clear()
        self._network = self._free()
        namespaces.add(self._hub)
        namespaces.batch(["link add hub0 type bridge", "link set hub0 up"], self._hub)
        namespaces.batch(
            [
                f"link add {self._link} type veth peer name host netns {self._hub}",
                f"address add {self._network[1]}/24 dev {self._link}",
                f"link set {self._link} up",
            ]
        )
        namespaces.batch(["link set host master hub0 up"], self._hub)

    def _free(self) -> IPv4Network:
        taken = []
        for line in namespaces.ip("-4", "route", "show", "table", "all").splitlines():
            words = [word for word in line.split() if word[0].isdigit()]
            if words and words[0] != "0.0.0.0/0":
                taken.append(IPv4Network(words[0], strict=False))
        pool = list(POOL.subnets(new_prefix=24))
        first = crc32(self._prefix.encode()) % len(pool)
        choices = [*([self._network] if self._network else []), *pool[first:], *pool[:first]]
        free = next((choice for choice in choices if not any(choice.overlaps(network) for network in taken)), None)
        if not free:
            raise Fatal(
                f"every /24 of {POOL} is routed on this host already",
                remedy="run the lab as an ordinary user: it then stays on loopback",
            )
        return free

    def seats(self, names: Sequence[str], former: Mapping[str, Seat], kept: set[str]) -> dict[str, Seat]:
        """An address each, in the line's network."""
        assert self._network is not None, "built first"
        seats = {name: former[name] for name in names if name in former and self.fits(former[name])}
        free = (str(host) for host in list(self._network.hosts())[1:] if str(host) not in {seat.host for seat in seats.values()})
        return {name: seats.get(name) or Seat(host=next(free), port=SSH_PORT) for name in names}

    def place(self, name: str, seat: Seat) -> None:
        """The machine's namespace and its line to the bridge."""
        space, port = self.space(name), f"p{seat.host.rpartition('.')[2]}"
        mac = "02:79:" + IPv4Address(seat.host).packed.hex(
            ":"
        )  # the same as before: this host remembers it for half a minute (ARP)
        namespaces.add(space)
        namespaces.ip(
            "link", "add", "eth0", "netns", space, "address", mac, "type", "veth", "peer", "name", port, "netns", self._hub
        )
        namespaces.batch([f"link set {port} master hub0 up"], self._hub)
        namespaces.batch([f"address add {seat.host}/24 dev eth0", "link set eth0 up"], space)

    def clear(self, names: Sequence[str] | None = None) -> None:
        """Machines' namespaces; without names also the bridge's, and those of machines that are no more."""
        if names is None:
            namespaces.remove(namespaces.existing(self.space("")) | {self._hub})
        else:
            namespaces.remove(self.space(name) for name in names)

    def space(self, name: str) -> str:
        """Its name."""
        return f"{self._prefix}m-{name}"
