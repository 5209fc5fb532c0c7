"""The program that plain `pulumi up` runs: the tenants and the cloud that the stack's name says, from a workspace's files.

Never does what the toolkit's own apply does not: both run the same declarations.
"""

from pathlib import Path

import pulumi

from yunwang.inventories.reading import read
from yunwang.stacks.partition import groups
from yunwang.stacks.pulumi.program import declare_tenants


def main() -> None:
    """Declares the stack's partitions. What is wrong is told in Pulumi's own words."""
    root = Path(pulumi.Config().require("workspace")).resolve()
    workspace, faults = read(root)
    if workspace is None:
        first = "; ".join(f"{fault.place}: {fault.message}" for fault in faults[:3])
        raise pulumi.RunError(f"the workspace {root} is faulty ({first}): run yunwang validate")
    cloud, _, name = pulumi.get_stack().partition(".")
    group = groups(workspace).get((cloud, name))
    if group is None:
        raise pulumi.RunError(f"no tenant or group {name!r} on a cloud {cloud!r} in {root}: a stack's name is CLOUD.TENANT")
    declare_tenants(group, str(root / "clouds.yaml"))


main()
