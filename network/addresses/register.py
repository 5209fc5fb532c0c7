"""What is given out of the address plan: the lowest free number, once, written down in network/addresses.csv. Renumbers nothing.

Never takes back: a row stays until somebody removes it, and a prefix with a row is given to nobody else.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv6Network
from pathlib import Path

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import AddressPlan, AddressRecord, Scheme, Site
from yunwang.inventories.workspace import Workspace
from yunwang.network.addresses import addressing
from yunwang.network.addresses.book import Book, Entry, finding

FILE = "network/addresses.csv"
COLUMNS = ("kind", "name", "vlan", "ipv6")


def allot(workspace: Workspace) -> tuple[tuple[AddressRecord, ...], tuple[Finding, ...]]:
    """Rows for all that lacks a prefix, top down and by name, and what got none. Raises Fatal without an address plan.

    What has a prefix keeps it. The result is the same whatever the order of the files.
    """
    book = Book.of(workspace)
    sites, faults = _sites(book)
    filled = workspace.revised(
        sites=tuple(site.model_copy(update={"ipv6": sites.get(site.name, site.ipv6)}) for site in workspace.sites)
    )
    book = Book.of(filled)
    records = [AddressRecord(kind="site", name=name, ipv6=prefix) for name, prefix in sites.items()]
    vlans, crowded = _vlans(book)
    links, many = _links(book)
    return (*records, *vlans, *links), (*faults, *crowded, *many)


class _Taken:
    """Prefixes that are in use, none inside another: is anything of a prefix?"""

    def __init__(self, prefixes: Iterable[IPv6Network]) -> None:
        self._spans = sorted((int(one.network_address), int(one.broadcast_address)) for one in prefixes)

    def touches(self, prefix: IPv6Network) -> bool:
        """Does one overlap it?"""
        first, last = int(prefix.network_address), int(prefix.broadcast_address)
        at = bisect_right(self._spans, (last, 1 << 128))
        return at > 0 and self._spans[at - 1][1] >= first

    def add(self, prefix: IPv6Network) -> None:
        """One more."""
        insort(self._spans, (int(prefix.network_address), int(prefix.broadcast_address)))


def _in_use(workspace: Workspace, plan: AddressPlan) -> Iterator[IPv6Network]:
    yield from (plan.loopbacks, plan.links)
    yield from (pair.ipv6 for pair in plan.pairs)
    yield from (site.ipv6 for site in workspace.sites if site.ipv6)
    yield from (record.ipv6 for record in workspace.addresses if record.kind == "site")
    yield from (network.ipv6 for tenant in workspace.tenants for part in tenant.allotments for network in part.networks)


def _sites(book: Book) -> tuple[dict[str, IPv6Network], list[Finding]]:
    plan, scheme = book.plan, book.plan.scheme
    if scheme is None:
        return {}, []
    taken = _Taken(_in_use(book.workspace, plan))
    given: dict[str, IPv6Network] = {}
    faults: list[Finding] = []
    after: dict[tuple[str | None, int], int] = {}
    for site in sorted(book.workspace.sites, key=lambda each: (addressing.LEVELS.index(each.level), each.name)):
        if site.ipv6 is not None:
            continue
        parent = book.sites.get(site.parent or "")
        above = (given.get(parent.name) or parent.ipv6) if parent else plan.ipv6
        if above is None:
            continue  # told about the parent already
        place = (site.parent, addressing.LEVELS.index(site.level))
        number = _number(plan, scheme, site, above, taken, after.get(place, 0))
        if number is None:
            faults.append(
                finding(
                    "address-exhausted",
                    f"no {site.level}'s number below {site.parent or 'the plan'} is left for site {site.name}",
                    f"give the level more bits, or lower the reserve ({scheme.reserve:g})",
                    site.name,
                )
            )
            continue
        after[place] = number
        given[site.name] = _share(plan, scheme, site, above, number)
        taken.add(given[site.name])
    return given, faults


def _share(plan: AddressPlan, scheme: Scheme, site: Site, above: IPv6Network, number: int) -> IPv6Network:
    shift = 128 - plan.ipv6.prefixlen - addressing.depth(scheme, site.level)
    return IPv6Network((int(above.network_address) + (number << shift), plan.ipv6.prefixlen + scheme.site_bits))


def _number(plan: AddressPlan, scheme: Scheme, site: Site, above: IPv6Network, taken: _Taken, after: int) -> int | None:
    """The lowest number past `after` whose whole part is free. A level without bits has one place, 0, and only at the top."""
    if not addressing.bits(scheme, site.level):
        alone = site.parent is None and not taken.touches(_share(plan, scheme, site, above, 0))
        return 0 if alone else None
    length = plan.ipv6.prefixlen + addressing.depth(scheme, site.level)
    for number in range(after + 1, addressing.usable(scheme, site.level) + 1):
        part = IPv6Network((int(above.network_address) + (number << 128 - length), length))
        if not taken.touches(part):
            return number
    return None


def _vlans(book: Book) -> tuple[list[AddressRecord], list[Finding]]:
    """Where a function's part has fewer bits than VLAN ids, VLANs get places in it."""
    records: list[AddressRecord] = []
    faults: list[Finding] = []
    wanted = {
        (device.site, one.vlan, one.function)
        for device in book.workspace.devices
        for one in device.interfaces
        if one.vlan is not None and one.ipv6 is None and (device.name, one.name) not in book.addresses
    }
    taken = _Taken({record.ipv6 for record in book.workspace.addresses if record.kind == "vlan"})
    done: set[tuple[str, int]] = set()
    for name, vlan, function in sorted(wanted, key=lambda each: (each[0], each[1], each[2] or "")):
        site = book.sites.get(name)
        if site is None or site.ipv6 is None or (name, vlan) in done:
            continue
        done.add((name, vlan))
        try:
            part = addressing.function(book.plan, site, function)
        except ValueError as error:
            faults.append(finding("address-exhausted", f"VLAN {vlan}: {error}", "correct the scheme or the interface", name))
            continue
        free = next((one for one in part.subnets(new_prefix=64) if not taken.touches(one)), None)
        if free is None:
            message = f"{part} of site {name} has no /64 left for VLAN {vlan}"
            faults.append(finding("address-exhausted", message, "give VLANs more bits", name))
            continue
        taken.add(free)
        records.append(AddressRecord(kind="vlan", name=name, vlan=vlan, ipv6=free))
    return records, faults


def _links(book: Book) -> tuple[list[AddressRecord], list[Finding]]:
    """Links that have no IPv4 to be numbered by."""
    pool = book.plan.links
    used = {int(prefix.network_address) for link in book.workspace.links if (prefix := book.link_prefix(link))}
    used |= {int(record.ipv6.network_address) for record in book.workspace.addresses if record.kind == "link"}
    records: list[AddressRecord] = []
    at, end = int(pool.network_address), int(pool.broadcast_address)
    for link in sorted(book.workspace.links, key=lambda each: each.name):
        if book.link_prefix(link) is not None:
            continue
        while at in used:
            at += 2
        if at > end:
            message = f"{pool} has no /127 left for link {link.name}"
            return records, [finding("address-exhausted", message, "give links a shorter prefix", link.name)]
        records.append(AddressRecord(kind="link", name=link.name, ipv6=IPv6Network((at, 127))))
        used.add(at)
    return records, []


def entries_csv(entries: Iterable[Entry]) -> str:
    """The whole plan as a table that spreadsheets read."""
    columns = ("kind", "name", "vlan", "ipv6", "ipv4", "title")
    return _csv(columns, ({name: getattr(entry, name) for name in columns} for entry in entries))


def _csv(columns: tuple[str, ...], rows: Iterable[Mapping[str, object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: "" if value is None else value for name, value in row.items()} for row in rows)
    return text.getvalue()


def narrowed(text: str) -> str:
    """A table that `entries_csv` wrote, cut down to what the register may hold; any other text as it is."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    if not rows or not {"kind", "ipv4", "title"} <= set(rows[0]):
        return text
    kinds = ("site", "vlan", "link")
    return _csv(COLUMNS, ({name: row[name] for name in COLUMNS} for row in rows if row["kind"] in kinds))


def write(root: Path, records: Iterable[AddressRecord]) -> None:
    """Add rows to the workspace's register, which is made where it is not there yet; the whole file or nothing is written."""
    write_rows(root / FILE, records)


def write_rows(file: Path, records: Iterable[AddressRecord]) -> None:
    """Add rows to a table."""
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"), newline=""))) if file.exists() else []
    text = _csv(COLUMNS, [*rows, *(record.model_dump(mode="json") for record in records)])
    part = file.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def adopt(workspace: Workspace, found: Iterable[AddressRecord]) -> tuple[tuple[AddressRecord, ...], tuple[Finding, ...]]:
    """Rows to add for prefixes that another system gave out already; what contradicts ours or is not in the workspace."""
    book = Book.of(workspace)
    names = {"site": set(book.sites), "vlan": set(book.sites), "link": {link.name for link in workspace.links}}
    ours: dict[tuple[str, str, int | None], IPv6Network] = {
        (record.kind, record.name, record.vlan): record.ipv6 for record in workspace.addresses
    }
    ours |= {("site", site.name, None): site.ipv6 for site in workspace.sites if site.ipv6}
    ours |= {("link", link.name, None): prefix for link in workspace.links if (prefix := book.link_prefix(link))}
    ours |= {(entry.kind, entry.name, entry.vlan): entry.ipv6 for entry in book.entries() if entry.kind == "vlan"}
    fresh: dict[tuple[str, str, int | None], AddressRecord] = {}
    faults: list[Finding] = []
    for record in found:
        key = (record.kind, record.name, record.vlan)
        what = f"{record.kind} {record.name}" + (f" VLAN {record.vlan}" if record.vlan else "")
        if record.name not in names[record.kind]:
            faults.append(_odd("address-unknown", f"{record.ipv6} is for {what}, which the workspace does not have", what))
        elif not record.ipv6.subnet_of(book.plan.ipv6):
            faults.append(_odd("address-outside-plan", f"{record.ipv6} of {what} is not inside {book.plan.ipv6}", what))
        elif ours.get(key, record.ipv6) != record.ipv6:
            faults.append(_odd("address-differs", f"{what} has {ours[key]} here and {record.ipv6} there", what))
        elif key not in ours:
            fresh[key] = record
    return tuple(fresh.values()), tuple(faults)


def _odd(code: str, message: str, target: str) -> Finding:
    remedy = "decide which of the two is right, and correct the other"
    return Finding(code=code, severity=Severity.WARNING, message=message, remedy=remedy, target=target)
