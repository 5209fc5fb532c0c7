"""The program that plain `pulumi up` runs: the tenant and the cloud that the stack's name says, from a workspace's files.

Never does what the toolkit's own apply does not: both run the same declarations.
"""

from pathlib import Path

import pulumi

from yunwang.inventories.reading import read
from yunwang.stacks.partition import partitions
from yunwang.stacks.pulumi.program import declare_tenant


def main() -> None:
    """Declares the stack's partition. What is wrong is told in Pulumi's own words."""
    root = Path(pulumi.Config().require("workspace")).resolve()
    workspace, faults = read(root)
    if workspace is None:
        first = "; ".join(f"{fault.place}: {fault.message}" for fault in faults[:3])
        raise pulumi.RunError(f"the workspace {root} is faulty ({first}): run yunwang validate")
    cloud, _, tenant = pulumi.get_stack().partition(".")
    partition = partitions(workspace).get((cloud, tenant))
    if partition is None:
        raise pulumi.RunError(f"no tenant {tenant!r} on a cloud {cloud!r} in {root}: a stack's name is CLOUD.TENANT")
    declare_tenant(partition, str(root / "clouds.yaml"))


main()
