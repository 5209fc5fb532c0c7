#!/usr/bin/python
"""Pushes the lines of a plan to a device; tells what became of each. Never saves."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.connection import Connection, ConnectionError

DOCUMENTATION = """
module: push
short_description: push the lines of a yunwang plan to a network device
description:
  - Sends configuration lines one by one over M(ansible.netcommon.network_cli), and commits where the prompt proves a candidate.
  - Never fails for what a device says; RV(pushed) tells how far it came.
options:
  lines:
    description: lines as a plan keeps them
    type: list
    elements: dict
    required: true
  enter:
    description: the line that enters the configuration
    type: str
    required: true
  leave:
    description: the line that leaves it
    type: str
    required: true
  commit:
    description: the line that makes a candidate running; left out where the platform has none
    type: str
author: yunwang
"""
RETURN = """
pushed:
  description: accepted, remarks, committed; and where it broke off line, view, and answer or broken
  type: dict
  returned: always
"""


def main() -> None:
    """Run it."""
    module = AnsibleModule(
        argument_spec={
            "lines": {"type": "list", "elements": "dict", "required": True},
            "enter": {"type": "str", "required": True},
            "leave": {"type": "str", "required": True},
            "commit": {"type": "str"},
        }
    )
    try:
        pushed = Connection(module._socket_path).push(**module.params)
    except ConnectionError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=bool(pushed["accepted"]), pushed=pushed)


if __name__ == "__main__":
    main()
