"""All files of a workspace into one value, every fault collected on the way. Never raises for what a file says, never writes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel

from yunwang.inventories import faults
from yunwang.inventories.cloud import Cloud, QuotaRequest, Tenant
from yunwang.inventories.file_kinds import (
    DEVICE_VARIABLES,
    MACHINE_VARIABLES,
    AddressPlanFile,
    LinksFile,
    ProbesFile,
    RequestFile,
    SitesFile,
    TenantFile,
    WaiversFile,
)
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.lab import Lab, LabTerminal
from yunwang.inventories.migration import Dependency, ServerRoom, System
from yunwang.inventories.network import AddressPlan, AddressRecord, DedicatedNetwork, Device, Link, Site, Terminal, VpnInstance
from yunwang.inventories.noun import digest
from yunwang.inventories.place import Locator, Path, Place, shown
from yunwang.inventories.reading import clouds, layout
from yunwang.inventories.reading.ansible import read_inventory
from yunwang.inventories.reading.files import TABLE_LIMIT, YAML_LIMIT, Folder
from yunwang.inventories.reading.hosts import overlay, to_nouns
from yunwang.inventories.reading.parse import from_json
from yunwang.inventories.reading.signers import read_signers
from yunwang.inventories.reading.tables import Table, read_table
from yunwang.inventories.reading.yaml_tree import Document, compose
from yunwang.inventories.roles import AllowedSigner, Roles
from yunwang.inventories.rollout import Probe
from yunwang.inventories.workspace import Machine, Settings, Waiver, Workspace

N = TypeVar("N", bound=BaseModel)
M = TypeVar("M", bound=BaseModel)
S = TypeVar("S", Site, Link)

OVERLAY = ".yunwang/lab/inventory.yaml"


def read(root: FilePath) -> tuple[Workspace | None, tuple[Finding, ...]]:
    """Read a workspace: the value, or None where a fault is an error; and all findings, in the order of files and lines."""
    if not os.path.isdir(root):  # noqa: PTH112 (Path.is_dir raises where the parent is locked)
        what = "is not a folder" if os.path.lexists(root) else "is not there"
        return None, (Place().finding("no-workspace", f"{root} {what}", f"make one: yunwang init {root}"),)
    workspace, findings = _Reader(root).run()
    failed = any(finding.severity == Severity.ERROR for finding in findings)
    return None if failed else workspace, findings


def salvage(root: FilePath) -> Workspace:
    """What can be read of a workspace, whatever its faults: to stop what runs for it, never to plan."""
    return _Reader(root).run()[0]


def source_lines(root: FilePath, file: str) -> list[str]:
    """A file's lines for quoting them beside a finding; nothing where it cannot be read."""
    text = Folder(root).text(file, TABLE_LIMIT)
    return text.split("\n") if text is not None else []


class _Reader:
    """Collects nouns, faults and places while going through the files once."""

    def __init__(self, root: FilePath) -> None:
        self.folder = Folder(root)
        self.findings: list[Finding] = []
        self.locators: dict[str, Locator] = {}
        self.names: dict[str, set[str]] = {}
        self.incomplete: set[str] = set()

    def run(self) -> tuple[Workspace, tuple[Finding, ...]]:
        """Read everything, check across files; without what is at fault."""
        settings = self._settings()
        given = self._table("addresses", "network/addresses.csv", AddressRecord)
        workspace = Workspace(
            root=self.folder.root,
            digest="",
            settings=settings,
            tenants=self._each("tenants", TenantFile, Tenant),
            requests=self._each("requests", RequestFile, QuotaRequest),
            sites=_with_prefixes("site", self._list("sites", "network/sites.yaml", SitesFile, Site), given),
            links=_with_prefixes("link", self._list("links", "network/links.yaml", LinksFile, Link), given),
            probes=self._list("probes", "network/probes.yaml", ProbesFile, Probe),
            address_plan=self._address_plan(),
            addresses=given,
            devices=self._hosts("devices", "network/hosts.yaml", Device, DEVICE_VARIABLES),
            machines=self._hosts("machines", "machines.yaml", Machine, MACHINE_VARIABLES),
            terminals=self._table("terminals", "network/terminals.csv", Terminal),
            systems=self._table("systems", "systems.csv", System),
            rooms=self._table("rooms", "rooms.csv", ServerRoom),
            dependencies=self._table("dependencies", "dependencies.csv", Dependency),
            dedicated_networks=self._table("dedicated_networks", "dedicated-networks.csv", DedicatedNetwork),
            waivers=self._list("waivers", "policies/waivers.yaml", WaiversFile, Waiver),
            roles=self._roles(),
            signers=self._signers(),
            lab=self._lab(),
        )
        self._clouds()
        self.folder.text("network/known_hosts", YAML_LIMIT)
        self.findings += layout.stray(self.folder)
        known = faults.Known(self.names, frozenset(self.incomplete))
        self.findings += faults.check(workspace, self._place, known)
        content = {file: hashlib.sha256(data).hexdigest() for file, data in self.folder.contents.items()}
        findings = sorted(dict.fromkeys(self.folder.findings + self.findings), key=lambda each: (each.file, each.line, each.column))
        return workspace.model_copy(update={"digest": digest({**content})}), tuple(findings)

    def _place(self, *path: str | int) -> Place:
        """Where a part of the workspace is written: `_place("tenants", 0, "title")`."""
        locator = self.locators.get(str(path[0]))
        return locator(path[1:]) if locator else Place()

    def _document(self, file: str) -> Document | None:
        text = self.folder.text(file, YAML_LIMIT)
        if text is None:
            return None
        document = compose(file, text)
        self.findings += document.findings
        if document.root is None and not document.findings:
            self.findings.append(Place(file).finding("empty-file", f"{file} is empty", "write it or remove it"))
        return document

    def _parsed(self, kind: str, file: str, model: type[N]) -> tuple[N | None, Any, Document | None]:
        """A file's noun, its plain value (None: nothing usable), its document. Marks the kind where something is lost."""
        document = self._document(file)
        if document is None or document.root is None:
            if self.folder.exists(file):
                self.incomplete.add(kind)
            return None, None, document
        value = document.root.plain()
        noun, findings = from_json(model, value, document.place)
        self.findings += findings
        return noun, value, document

    def _settings(self) -> Settings:
        settings, value, document = self._parsed("settings", "yunwang.yaml", Settings)
        if not self.folder.exists("yunwang.yaml"):
            remedy = "make a workspace with `yunwang init`, or name its folder with -w"
            self.folder.fault("yunwang.yaml", "no-workspace", "is not there, so this is not a workspace", remedy)
            self.incomplete.add("settings")
        if document is not None:
            self.locators["settings"] = document.place
        if "settings" in self.incomplete:
            self.incomplete |= {"clouds", "vpn_instances"}
        if settings is not None:
            self._remember("clouds", (cloud.name for cloud in settings.clouds))
            self._remember("vpn_instances", (instance.name for instance in settings.vpn_instances))
            return settings
        parts = value if isinstance(value, dict) else {}
        # Positions in the file would no longer be positions in the value: what is kept is for its names alone.
        self.locators.pop("settings", None)
        for part, model in (("clouds", Cloud), ("vpn_instances", VpnInstance)):
            if not isinstance(parts.get(part), list):
                self.incomplete.add(part)
            self._rescue(part, parts.get(part), model)
        return Settings(version=1, name="faulty", title="")

    def _remember(self, kind: str, names: Iterable[object]) -> None:
        """Names that others may use without being told that there is no such thing."""
        self.names.setdefault(kind, set()).update(name for name in names if isinstance(name, str))

    def _rescue(self, kind: str, items: Any, model: type[N]) -> list[tuple[int, N]]:
        """The sound items of a list with faulty ones; the names of all."""
        sound: list[tuple[int, N]] = []
        for index, item in enumerate(items if isinstance(items, list) else []):
            self._remember(kind, [item.get("name") if isinstance(item, dict) else None])
            noun, _ = from_json(model, item, lambda path, key=False: Place())
            if noun is not None:
                sound.append((index, noun))
        return sound

    def _list(self, kind: str, file: str, model: type[M], item: type[N]) -> tuple[N, ...]:
        """A file that holds a list of nouns under the name of their kind."""
        whole, value, document = self._parsed(kind, file, model)
        if document is None:
            return ()
        items = value.get(kind) if isinstance(value, dict) else None
        if not isinstance(items, list):
            self.incomplete.add(kind)
        sound = self._rescue(kind, items, item) if whole is None else list(enumerate(getattr(whole, kind)))
        self._remember(kind, (getattr(noun, "name", "") for _, noun in sound))
        where = [index for index, _ in sound]

        def place(path: Path, *, key: bool = False) -> Place:
            return document.place((kind, where[int(path[0])], *path[1:]) if path else (kind,), key=key)

        self.locators[kind] = place
        return tuple(noun for _, noun in sound)

    def _each(self, kind: str, model: type[M], noun: type[N]) -> tuple[N, ...]:
        """A folder that holds a noun a file."""
        nouns: list[N] = []
        documents: list[Document] = []
        faults_before = len(self.folder.findings)
        for file in layout.members(self.folder, kind):
            whole, value, document = self._parsed(kind, file, model)
            if whole is not None and document is not None:
                nouns.append(_without_version(whole, noun))
                documents.append(document)
            self._remember(kind, [value.get("name") if isinstance(value, dict) else None])
        if len(self.folder.findings) > faults_before:
            self.incomplete.add(kind)

        def place(path: Path, *, key: bool = False) -> Place:
            return documents[int(path[0])].place(path[1:], key=key) if path else Place(kind)

        self.locators[kind] = place
        return tuple(nouns)

    def _address_plan(self) -> AddressPlan | None:
        plan, _, document = self._parsed("address_plan", "network/address-plan.yaml", AddressPlanFile)
        if document is not None:
            self.locators["address_plan"] = document.place
            if plan is None:
                self.incomplete.add("address_plan")
        return _without_version(plan, AddressPlan) if plan is not None else None

    def _roles(self) -> Roles | None:
        roles, _, document = self._parsed("roles", "policies/roles.yaml", Roles)
        if document is not None:
            self.locators["roles"] = document.place
        return roles

    def _signers(self) -> tuple[AllowedSigner, ...]:
        text = self.folder.text("policies/allowed_signers", YAML_LIMIT)
        if text is None:
            return ()
        signers, findings, place = read_signers("policies/allowed_signers", text)
        self.findings += findings
        if findings:
            self.incomplete.add("signers")
        self.locators["signers"] = place
        return signers

    def _table(self, kind: str, file: str, model: type[N]) -> tuple[N, ...]:
        text = self.folder.text(file, TABLE_LIMIT)
        if text is None:
            if self.folder.exists(file):
                self.incomplete.add(kind)
            return ()
        table: Table[N] = read_table(model, file, text)
        self.findings += table.findings
        self._remember(kind, table.names)
        self._remember(kind, (getattr(noun, "name", "") for noun in table.rows))
        if not table.complete:
            self.incomplete.add(kind)
        self.locators[kind] = table.place
        return tuple(table.rows)

    def _hosts(self, kind: str, file: str, model: type[N], variables: Mapping[str, str]) -> tuple[N, ...]:
        inventory = read_inventory(self.folder, file)
        if self.folder.exists(OVERLAY):
            top = read_inventory(self.folder, OVERLAY, intent=False, neighbours=False)
            self.findings += top.findings
            overlay(inventory, top)
        found, findings = to_nouns(model, inventory, variables)
        self.findings += inventory.findings + findings
        self._remember(kind, inventory.hosts)
        if not inventory.complete:
            self.incomplete.add(kind)

        def place(path: Path, *, key: bool = False) -> Place:
            return found[int(path[0])][1](path[1:], key=key) if path else Place(file)

        self.locators[kind] = place
        return tuple(noun for noun, _ in found)

    def _lab(self) -> Lab | None:
        lab, _, document = self._parsed("lab", "lab.yaml", Lab)
        terminals = self._table("lab_terminals", "lab/terminals.csv", LabTerminal)
        if lab is None or document is None:
            return None
        self.locators["lab"] = document.place
        for index, device in enumerate(lab.devices):
            place = document.place(("devices", index, "startup"))
            if not self._startup(device.startup):
                remedy = f"write the configuration that {device.name} boots with, or correct the name"
                self.findings.append(place.finding("unknown-reference", f"there is no file {shown(device.startup)}", remedy))
        return lab.model_copy(update={"terminals": (*lab.terminals, *terminals)})

    def _startup(self, file: str) -> bool:
        """Whether a configuration is there, inside the workspace; its text belongs to the intent that the digest covers."""
        if not file or "\0" in file or file.startswith("/") or ".." in file.split("/"):
            return False
        return self.folder.text(file, YAML_LIMIT) is not None

    def _clouds(self) -> None:
        document, names = clouds.read_clouds(self.folder, self.findings)
        wanted = self.names.get("clouds", set())
        if document is None:
            if wanted and not self.folder.exists(clouds.FILE):
                remedy = "write it in openstacksdk's format, without passwords; they belong in secure.yaml"
                self.folder.fault(
                    clouds.FILE, "missing-file", f"is missing, and yunwang.yaml names {', '.join(sorted(wanted))}", remedy
                )
            return
        for name in sorted(wanted - names) if document.root is not None else ():
            message = f"{clouds.FILE} has no cloud {name}, which yunwang.yaml names"
            place = document.place(("clouds",), key=True)
            self.findings.append(place.finding("unknown-reference", message, f"add {name}: to it"))


def _with_prefixes(kind: str, nouns: tuple[S, ...], given: Iterable[AddressRecord]) -> tuple[S, ...]:
    """Sites or links with what the register gave them; what their own file says counts first."""
    prefixes = {record.name: record.ipv6 for record in given if record.kind == kind}
    return tuple(
        noun.model_copy(update={"ipv6": prefixes[noun.name]}) if noun.ipv6 is None and noun.name in prefixes else noun
        for noun in nouns
    )


def _without_version(written: BaseModel, noun: type[N]) -> N:
    """The noun of a file that is the noun and a version."""
    fields = {name: getattr(written, name) for name in noun.model_fields}
    return noun.model_construct(_fields_set=written.model_fields_set - {"version"}, **fields)
