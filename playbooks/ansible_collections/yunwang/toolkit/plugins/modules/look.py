#!/usr/bin/python
"""Reads displays of a network device as typed facts. Changes nothing."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.connection import Connection, ConnectionError

DOCUMENTATION = """
module: look
short_description: typed facts of a network device
description: Reads displays over M(ansible.netcommon.network_cli), as C(yunwang net parse) reads them from a file.
options:
  names:
    description: what to read
    type: list
    elements: str
    choices: [arp, ipv6_interfaces, neighbors, ospfv3_peers, static_bindings]
    required: true
author: yunwang
"""
EXAMPLES = """
- name: Read the OSPFv3 neighbours
  yunwang.toolkit.look:
    names: [ospfv3_peers]
"""
RETURN = """
facts:
  description: from each name to its rows
  type: dict
  returned: success
"""
NAMES = ("arp", "ipv6_interfaces", "neighbors", "ospfv3_peers", "static_bindings")


def main() -> None:
    """Run it."""
    names = {"type": "list", "elements": "str", "choices": list(NAMES), "required": True}
    module = AnsibleModule(argument_spec={"names": names}, supports_check_mode=True)
    try:
        found = Connection(module._socket_path).look(names=module.params["names"])
    except ConnectionError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, facts=found)


if __name__ == "__main__":
    main()
