"""The faults of `init --demo --with-faults`: each an edit of a file of the demo. Never reads or writes anything."""

from __future__ import annotations

from typing import NamedTuple


class Edit(NamedTuple):
    """Replace `old`, once, by `new`; an empty `old` makes the file anew. `code` is what the reader has to say to it."""

    file: str
    old: str
    new: str
    code: str
    encoding: str = "utf-8"

    def apply(self, content: bytes) -> bytes:
        """The file with the fault."""
        before = content.decode()
        if self.old and before.count(self.old) != 1:
            raise ValueError(f"{self.file} has {self.old!r} {before.count(self.old)} times")
        return (before.replace(self.old, self.new) if self.old else self.new).encode(self.encoding)


EDITS = (
    # What YAML itself does not forbid and everybody overlooks.
    Edit("tenants/education.yaml", "mlps_level: 2 ", "mlps_level: 2\nmlps_level: 3 ", "duplicate-key"),
    Edit("tenants/health.yaml", "department: 卫生健康委", "departement: 卫生健康委", "unknown-field"),
    Edit("tenants/housing.yaml", "cores: 16", "cores: sixteen", "wrong-value"),
    Edit("requests/health-2026-records.yaml", "tenant: health", "\ttenant: health", "yaml-syntax"),
    # Prefixes and addresses.
    Edit("tenants/civil-affairs.yaml", "ipv4: 10.72.4.0/24", "ipv4: 10.72.1.0/24", "prefix-overlap"),
    Edit("network/sites.yaml", "2001:db8:121::/48", "2001:db9:121::/48", "outside-plan"),
    Edit("network/terminals.csv", "02:59:57:01:00:02,10.64.110.12", "02:59:57:01:00:01,10.64.110.12", "mac-twice"),
    Edit("network/terminals.csv", "10.64.120.13", "10.64.120.12", "address-twice"),
    Edit("network/terminals.csv", "10.65.210.14", "10.65.211.14", "outside-subnet"),
    # Things that are not there.
    Edit("dependencies.csv", "vaccination,health-records", "vaccination,health-record", "unknown-reference"),
    Edit(
        "dependencies.csv", "treasury-payment,digital-archives,weak", "asset-register,treasury-payment,strong", "dependency-circle"
    ),
    Edit("dependencies.csv", "budget-execution,asset-register,weak", "budget-execution,asset-register,strong", "dependency-circle"),
    Edit(
        "network/links.yaml",
        "a_interface: GE1/0/2\n    b_device: yz-gw-a",
        "a_interface: GE1/0/1\n    b_device: yz-gw-a",
        "duplicate",
    ),
    Edit("network/hosts.yaml", "yunwang_router_id: 10.64.255.3", "yunwang_router: 10.64.255.3", "unknown-field"),
    # Secrets, encodings, names.
    Edit(
        "clouds.yaml",
        "region_name: zhengwu\n    interface: public\n    auth:",
        "region_name: zhengwu\n    interface: public\n    auth:\n      password: Yunzhou-2026",
        "secret",
    ),
    Edit("rooms.csv", "finance server room", "finance server room", "encoding", "gb18030"),
    Edit("tenants/archive.yml", "", "version: 1\n", "unknown-file"),
    Edit(
        "yunwang.yaml",
        "cores: 96\n    ram_gib: 384\n    volume_gib: 2000\nvpn",
        "cores: 30\n    ram_gib: 384\n    volume_gib: 2000\nvpn",
        "over-capacity",
    ),
)
