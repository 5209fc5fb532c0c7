"""An Ansible inventory in YAML (hosts file, group_vars/, host_vars/) into hosts with variables, each with its place.

Reads what `ansible-inventory -i FILE` reads, by the same precedence. Never evaluates anything (templates, ranges, plug-ins).
https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html#how-variables-are-merged
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.place import Path, Place, choose, nearest, shown
from yunwang.inventories.reading.files import YAML_LIMIT, Folder, below, stem
from yunwang.inventories.reading.yaml_tree import Document, Node, compose, place_in

VAULTED = "!vault"
TAGS = frozenset({VAULTED, "!unsafe"})
"""Ansible's own."""
ENCRYPTED = "$ANSIBLE_VAULT;"
"""How a file begins that ansible-vault encrypted as a whole."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable's value and the file it is written in, with the keys that lead to it there; `key` is the place of its name."""

    node: Node
    file: str
    key: Place
    path: tuple[str, ...]

    @property
    def vaulted(self) -> str | None:
        """A reference to the value where ansible-vault encrypted it: it is decrypted when it is needed, and not here."""
        return f"ansible-vault://{self.file}#{'.'.join(self.path)}" if self.node.tag == VAULTED else None

    def place(self, path: Path) -> Place:
        """The place of a part of the value."""
        return place_in(self.file, self.node, path)


@dataclass(slots=True)
class Host:
    """A host of the inventory with its variables, all groups' included."""

    name: str
    place: Place
    variables: dict[str, Variable] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()


@dataclass(slots=True)
class Group:
    """A group while the inventory is read."""

    parents: set[str] = field(default_factory=set)
    variables: dict[str, Variable] = field(default_factory=dict)


@dataclass(slots=True)
class Inventory:
    """Everything an inventory file and its neighbours say. `complete` False: a fault may have hidden hosts."""

    hosts: dict[str, Host] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=lambda: {"all": Group(), "ungrouped": Group(parents={"all"})})
    members: dict[str, set[str]] = field(default_factory=dict)
    """Host to the groups that name it."""
    findings: list[Finding] = field(default_factory=list)
    complete: bool = True


def read_inventory(folder: Folder, file: str, *, intent: bool = True, neighbours: bool = True) -> Inventory:
    """Read an inventory; `neighbours`: with group_vars/ and host_vars/ beside it. Faults of a file as such go to `folder`."""
    inventory = Inventory()
    present = folder.exists(file)
    document = load(folder, file, inventory.findings, intent=intent)
    if document is None or document.root is None:
        inventory.complete = not present
        return inventory
    if document.findings:
        inventory.complete = False
    _Reader(inventory, document).groups(document.root, None)
    base = file.rpartition("/")[0]
    shared = _neighbours(folder, below(base, "group_vars"), set(inventory.groups), inventory.findings) if neighbours else {}
    own = _neighbours(folder, below(base, "host_vars"), set(inventory.hosts), inventory.findings) if neighbours else {}
    order = _by_depth(inventory)
    for name, host in inventory.hosts.items():
        groups = host.groups = frozenset(_ancestors(inventory, name))
        ordered = [group for group in order if group in groups and group != "all"]
        written = host.variables
        host.variables = {}
        for layer in (
            inventory.groups["all"].variables,
            *(inventory.groups[group].variables for group in ordered),
            shared.get("all", {}),
            *(shared.get(group, {}) for group in ordered),
            written,
            own.get(name, {}),
        ):
            host.variables |= layer
    return inventory


def load(folder: Folder, file: str, findings: list[Finding], *, intent: bool = True) -> Document | None:
    """A YAML file that YAML 1.1 programs read too: what they would read differently is a finding."""
    text = folder.text(file, YAML_LIMIT, intent=intent)
    if text is None:
        return None
    document = compose(file, text, TAGS)
    findings.extend(document.findings)
    for place, value in document.loose:
        message = f"{shown(value)} without quotes means something else to programs that read YAML 1.1 (Ansible, openstacksdk)"
        findings.append(place.warning("yaml-quotes", message, "put it in quotes, or write true, false or a decimal number"))
    return document


class _Reader:
    """Walks the groups of an inventory file."""

    def __init__(self, inventory: Inventory, document: Document) -> None:
        self.inventory = inventory
        self.file = document.file

    def _fault(self, place: Place, code: str, message: str, remedy: str) -> None:
        self.inventory.complete = False
        self.inventory.findings.append(place.finding(code, message, remedy))

    def _items(self, node: Node, what: str) -> Iterator[tuple[str, Place, Node]]:
        """A mapping's entries; nothing written is an empty mapping."""
        if isinstance(node.value, dict):
            for key, child in node.value.items():
                yield key, Place(self.file, *node.keys[key]), child
        elif node.value is not None:
            place = Place(self.file, node.line, node.column)
            self._fault(
                place, "wrong-value", f"{what} has to be a mapping", "end each name with a colon, without a hyphen before it"
            )

    def groups(self, node: Node, parent: str | None, path: tuple[str, ...] = ()) -> None:
        """A mapping of groups, below a parent or at the top (where `all` is the parent)."""
        for name, _, child in self._items(node, "the inventory" if parent is None else "children"):
            group = self.inventory.groups.setdefault(name, Group())
            if name != "all":
                group.parents.add(parent or "all")
            for part, place, content in self._items(child, f"group {shown(name)}"):
                here = (*path, name, part)
                if part == "children":
                    self.groups(content, name, here)
                elif part == "vars":
                    group.variables |= self.variables(content, here)
                elif part == "hosts":
                    self._hosts(content, name, here)
                else:
                    known = ("children", "hosts", "vars")
                    self._fault(place, "unknown-field", f"a group has no {shown(part)}", choose(part, known, "remove it"))

    def _hosts(self, node: Node, group: str, path: tuple[str, ...]) -> None:
        for name, place, content in self._items(node, "hosts"):
            if "[" in name or "{{" in name:
                self._fault(place, "inventory", f"{shown(name)} would have to be expanded", "write every host out")
                continue
            host = self.inventory.hosts.setdefault(name, Host(name, place))
            if content.value is not None and not host.variables:
                host.place = place
            host.variables |= self.variables(content, (*path, name))
            self.inventory.members.setdefault(name, set()).add(group)

    def variables(self, node: Node, path: tuple[str, ...] = ()) -> dict[str, Variable]:
        """A mapping of variables; `path` are the keys that lead to it."""
        return {key: Variable(child, self.file, place, (*path, key)) for key, place, child in self._items(node, "variables")}


def _neighbours(folder: Folder, base: str, known: set[str], findings: list[Finding]) -> dict[str, dict[str, Variable]]:
    """group_vars/ or host_vars/: NAME.yaml, NAME.yml, or a folder NAME of such files."""
    found: dict[str, dict[str, Variable]] = {}
    for entry in folder.names(base):
        path = below(base, entry)
        name = stem(entry)
        files = [path]
        if name is None:
            name = entry
            files = [below(path, part) for part in folder.names(path) if stem(part)] if folder.is_folder(path) else []
        if entry.startswith(".") or entry.endswith("~"):
            continue
        if not files:
            findings.append(
                Place(path).warning("unknown-file", f"{path} is not read", "name it after a group or host, with the ending .yaml")
            )
        elif name not in known:
            near = nearest(name, known)
            remedy = f"did you mean {shown(near)}?" if near else "rename or remove it"
            findings.append(Place(path).warning("unknown-reference", f"the inventory has no {shown(name)}", remedy))
        for file in files:
            document = _shut(folder, file, findings) or load(folder, file, findings)
            if document is not None and document.root is not None:
                reader = _Reader(Inventory(findings=findings), document)
                found.setdefault(name, {}).update(reader.variables(document.root))
    return found


def _shut(folder: Folder, file: str, findings: list[Finding]) -> Document | None:
    """Of a file that ansible-vault encrypted as a whole: no variable, and a word about it. None: it is not."""
    if not (folder.text(file, YAML_LIMIT) or "").startswith(ENCRYPTED):
        return None
    message = f"{file} is encrypted as a whole, so its variables are not seen here"
    remedy = f"where one of ours needs a password of it, write ansible-vault://{file}#ITS-NAME there"
    findings.append(Place(file).finding("encrypted", message, remedy).model_copy(update={"severity": Severity.INFO}))
    return Document(file, None, [], [])


def _by_depth(inventory: Inventory) -> list[str]:
    """Groups in the order in which Ansible merges them: by distance from `all`, then by name. Groups in a circle are a finding."""
    depth = {"all": 0}
    waiting = {name: set(group.parents) for name, group in inventory.groups.items() if name != "all"}
    children: dict[str, list[str]] = {}
    for name, parents in waiting.items():
        for parent in parents:
            children.setdefault(parent, []).append(name)
    ready = ["all"]
    while ready:
        parent = ready.pop()
        for child in children.get(parent, ()):
            depth[child] = max(depth.get(child, 0), depth[parent] + 1)
            waiting[child].discard(parent)
            if not waiting[child]:
                ready.append(child)
    circle = sorted(name for name, parents in waiting.items() if parents)
    if circle:
        message = f"groups contain each other: {', '.join(circle[:10])}"
        inventory.findings.append(Place(_file(inventory)).finding("inventory", message, "remove one of the children"))
    return sorted(inventory.groups, key=lambda name: (depth.get(name, 0), name))


def _file(inventory: Inventory) -> str:
    return next((host.place.file for host in inventory.hosts.values()), "")


def _ancestors(inventory: Inventory, host: str) -> set[str]:
    """Every group that a host is in, by its own membership and its groups' parents."""
    found: set[str] = set()
    todo = list(inventory.members.get(host, ()))
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(inventory.groups[name].parents)
    return found
