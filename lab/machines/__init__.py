"""Linux hosts over real SSH: an sshd each, in a namespace where root allows, else on a loopback port. Never the system's sshd."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from yunwang.inventories.lab import Lab
from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Fatal
from yunwang.lab import found, namespaces, process, sshd
from yunwang.lab.machines import services
from yunwang.lab.machines.ground import Ground, Loopback, Namespaces, Seat
from yunwang.lab.state import Kind, Part, Say, recall, remember, write

SESSION = (  # one line: sshd_config knows no other
    'cd "$HOME" || exit 1; '
    'if [ -n "$SSH_ORIGINAL_COMMAND" ]; then exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"; else exec "${SHELL:-/bin/sh}"; fi'
)


class MachineEndpoint(Noun):
    """How a machine is reached, and what it calls home."""

    host: str
    port: int
    username: str
    private_key: str
    known_hosts: str
    home: str
    python: str


class Machines(Noun):
    """What `up` made of the machines."""

    endpoints: dict[str, MachineEndpoint] = Field(default_factory=dict)
    changed: bool = False
    notes: tuple[str, ...] = ()


class Memory(Noun):
    """What a machine does not remember: which services (`service@machine`) ran when it was stopped, which were ever seeded."""

    running: tuple[str, ...] = ()
    seeded: tuple[str, ...] = ()


class _Place:
    """The folders of machines below the lab's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.memory = folder / "machines.json"
        self.key = folder / "machines-key"
        self.known_hosts = folder / "sshd" / "known_hosts"

    def home(self, name: str) -> Path:
        """What the machine calls home: its own files and nothing of ours."""
        return self.folder / "machines" / name

    def sshd(self, name: str) -> Path:
        """Its sshd's folder."""
        return self.folder / "sshd" / name

    def names(self) -> set[str]:
        """Machines that there have been."""
        return {entry.name for entry in self.folder.glob("sshd/*") if entry.is_dir()}

    def seats(self) -> dict[str, Seat]:
        """Where they were started last, as their sshd was told."""
        seats = {}
        for name in self.names():
            values = sshd.configured(self.sshd(name))
            if {"ListenAddress", "Port"} <= values.keys():
                seats[name] = Seat(host=values["ListenAddress"], port=int(values["Port"]))
        return seats

    def processes(self, names: Iterable[str]) -> dict[str, list[process.Process]]:
        """What runs on each."""
        return {folder.name: running for folder, running in found.processes(self.sshd(name) for name in names).items()}


def up(lab: Lab, folder: Path, say: Say) -> Machines:
    """Have every machine run, and every service that ran or never did; keep what is well. Raises Verdict, OSError."""
    services.checked(lab)
    place = _Place(folder)
    memory, former = recall(place.memory, Memory) or Memory(), place.seats()
    names = [machine.name for machine in lab.machines]
    obstacle = namespaces.obstacle(folder) if names and os.geteuid() == 0 else ""
    ground: Ground = Namespaces(folder, former) if os.geteuid() == 0 and not obstacle else Loopback()
    notes = (f"machines share 127.0.0.1: {obstacle}",) if obstacle else ()

    running = place.processes({*names, *place.names()})
    well = {name for name in names if ground.sound() and _well(former.get(name), running[name], ground)}
    broken = [name for name in running if name not in well and (name in names or running[name])]
    homes = {name: place.home(name) for name in names}
    before = services.instances(homes)
    memory = memory.model_copy(update={"running": _should_run(memory, before)})
    remember(place.memory, memory)  # a machine that is stopped takes its services with it
    process.stop([one for name in broken for one in running[name]])
    if not names:
        ground.clear()
        return Machines(changed=any(running.values()))
    if ground.sound():
        ground.clear(broken)
    else:
        ground.build()
    seats = ground.seats(names, former, well)
    endpoints = _start(place, ground, seats, well, say)
    changed = _serve(lab, place, before, former, memory, endpoints, say)
    return Machines(endpoints=endpoints, changed=bool(broken) or changed, notes=notes)


def down(folder: Path, say: Say) -> bool:
    """Stop all machines and what runs on them; their homes stay. Returns whether anything ran. Raises Verdict, OSError."""
    place = _Place(folder)
    memory = recall(place.memory, Memory) or Memory()
    homes = {entry.name: entry for entry in folder.glob("machines/*")}
    if homes:
        remember(place.memory, memory.model_copy(update={"running": _should_run(memory, services.instances(homes))}))
    ours = [one for each in place.processes(place.names()).values() for one in each]
    if ours:
        say(f"stopping {len(place.names())} machines")
    process.stop(ours)
    if os.geteuid() == 0 and shutil.which("ip"):
        Namespaces(folder, {}).clear()
    return bool(ours)


def status(lab: Lab, folder: Path) -> list[Part]:
    """Machines, services and the gateway as they are now. Raises nothing."""
    place = _Place(folder)
    seats = place.seats()
    homes = {machine.name: place.home(machine.name) for machine in lab.machines}
    running = place.processes(homes)
    parts, apart = [], set()
    for instance in services.instances(homes):
        seat = seats.get(instance.machine)
        if instance.running and seat:
            apart.add(instance.pid)
            one = [found for found in running[instance.machine] if found.pid == instance.pid]
            parts.append(_part(instance.name, "service", f"{seat.host}:{instance.port}", one, True))
    for gateway in services.gateways(lab, homes, seats) if homes.keys() <= seats.keys() else ():
        apart.add(gateway.pid)
        one = [found for found in running[gateway.machine] if found.pid == gateway.pid]
        ports = ",".join(str(route["listen"]) for route in gateway.routes().values())
        parts.append(_part(f"gateway@{gateway.machine}", "service", f"{gateway.seat.host}:{ports}", one, gateway.running))
    machines = []
    for name in homes:
        seat = seats.get(name)
        rest = [one for one in running[name] if one.pid not in apart]
        address = f"{seat.host}:{seat.port}" if seat else ""
        machines.append(_part(name, "machine", address, rest, bool(seat and rest and sshd.answers(seat.host, seat.port))))
    return machines + parts


def _part(name: str, kind: Kind, address: str, running: list[process.Process], alive: bool) -> Part:
    memory = sum(process.memory(one) for one in running)
    return Part(name=name, kind=kind, address=address, pids=tuple(one.pid for one in running), alive=alive, memory_mib=memory)


def _should_run(memory: Memory, instances: list[services.Instance]) -> tuple[str, ...]:
    """What runs, or ran until something died (a service that is stopped takes back its pid), or ran when the lab was stopped."""
    return tuple(sorted({*memory.running, *(instance.name for instance in instances if instance.pid)}))


def _well(seat: Seat | None, running: list[process.Process], ground: Ground) -> bool:
    return (
        seat is not None
        and ground.fits(seat)
        and any(one.label.startswith("sshd") for one in running)
        and sshd.answers(seat.host, seat.port)
    )


def _start(place: _Place, ground: Ground, seats: dict[str, Seat], well: set[str], say: Say) -> dict[str, MachineEndpoint]:
    """An sshd for each machine that is not well; endpoints of all."""
    public, python, lines, started = sshd.key(place.key), _python(), {}, {}
    write(place.folder / "sshd" / "authorized_keys", f"{public}\n", 0o600)
    options = {**sshd.for_ourselves(place.folder / "sshd" / "authorized_keys"), "ForceCommand": sshd.forced(SESSION)}
    if sftp := sshd.sftp():
        options["Subsystem"] = f"sftp {sftp}"
    for name, seat in seats.items():
        place.home(name).mkdir(parents=True, exist_ok=True)
        environment = {"HOME": str(place.home(name)), "YUNWANG_MACHINE": name, "YUNWANG_ADDRESS": seat.host}
        if Path(python).parent != Path("/usr/bin"):
            environment["PATH"] = f"{Path(python).parent}:/usr/local/bin:/usr/bin:/bin"
        lines[name] = sshd.configure(place.sshd(name), seat.host, seat.port, options, environment)
        if name not in well:
            say(f"starting machine {name} at {seat.host}:{seat.port}")
            ground.place(name, seat)
            words, space = sshd.command(place.sshd(name)), ground.space(name)
            inside = namespaces.inside(space, *namespaces.named(name, *words)) if space else words
            started[name] = sshd.start(name, place.sshd(name), inside)
    for name, one in started.items():
        sshd.await_answer(one, seats[name].host, seats[name].port, place.sshd(name) / "log")
    write(place.known_hosts, "".join(f"{line}\n" for line in lines.values()))
    return {
        name: MachineEndpoint(
            host=seat.host,
            port=seat.port,
            username=sshd.user(),
            private_key=str(place.key),
            known_hosts=lines[name],
            home=str(place.home(name)),
            python=python,
        )
        for name, seat in seats.items()
    }


def _serve(
    lab: Lab,
    place: _Place,
    before: list[services.Instance],
    former: dict[str, Seat],
    was: Memory,
    endpoints: dict[str, MachineEndpoint],
    say: Say,
) -> bool:
    """Start what ran before, seed what was never there, lead the gateway to it. Whether there was anything to do."""

    def run(machine: str, command: str) -> str:
        return _run(endpoints[machine], place.known_hosts, command)

    homes = {name: place.home(name) for name in endpoints}
    seats = {name: Seat(host=endpoint.host, port=endpoint.port) for name, endpoint in endpoints.items()}
    changed = False
    for instance in services.instances(homes):
        if not instance.running and instance.name in was.running:
            say(f"starting {instance.name} again")
            services.start(instance.machine, instance.service, run)
            changed = True
    there = {instance.service for instance in before}
    for service in lab.services:
        if service.name not in there and service.name not in was.seeded:
            say(f"seeding {service.name} on {service.machine}")
            services.seed(service, homes[service.machine], run)
            changed = True
    after = [instance for instance in services.instances(homes) if instance.running]
    moved = {
        (former[old.machine].host, old.port): Seat(host=seats[new.machine].host, port=new.port)
        for old in before
        for new in after
        if (old.machine, old.service) == (new.machine, new.service) and old.machine in former
    }
    serving = {instance.service: Seat(host=seats[instance.machine].host, port=instance.port) for instance in after}
    for gateway in services.gateways(lab, homes, seats):
        changed |= gateway.route(serving, moved, run)
    remember(place.memory, Memory(seeded=tuple(sorted({*was.seeded, *serving}))))
    return changed


def _python() -> str:
    """The system's own python3: what Ansible expects to find on a host."""
    return "/usr/bin/python3" if Path("/usr/bin/python3").exists() else shutil.which("python3") or sys.executable


def _run(endpoint: MachineEndpoint, known_hosts: Path, command: str) -> str:
    done = subprocess.run(
        ["ssh", *ssh_options(endpoint, known_hosts), command], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise Fatal(
            f"on {endpoint.host}:{endpoint.port}: {command}: {done.stderr.strip()}",
            remedy="`yunwang lab down`, then `yunwang lab up`",
        )
    return done.stdout


def ssh_options(endpoint: MachineEndpoint, known_hosts: Path) -> list[str]:
    """What ssh needs to reach a machine and to be sure that it is the one; ends with the destination."""
    files = {"IdentityFile": endpoint.private_key, "UserKnownHostsFile": str(known_hosts)}
    options = {
        **{name: sshd.quoted(path.replace("%", "%%")) for name, path in files.items()},
        "GlobalKnownHostsFile": "/dev/null",
        "StrictHostKeyChecking": "yes",
        "IdentitiesOnly": "yes",
        "BatchMode": "yes",
    }
    flags = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return ["-F", "/dev/null", *flags, "-p", str(endpoint.port), f"{endpoint.username}@{endpoint.host}"]


def entrances(lab: Lab, folder: Path) -> dict[str, str]:
    """Service → the URL at which its clients reach it, through the gateway. Empty where no gateway runs."""
    place = _Place(folder)
    seats = place.seats()
    homes = {machine.name: place.home(machine.name) for machine in lab.machines}
    if not homes.keys() <= seats.keys():
        return {}
    return {
        service: f"http://{gateway.seat.host}:{route['listen']}"
        for gateway in services.gateways(lab, homes, seats)
        if gateway.running
        for service, route in gateway.routes().items()
    }
