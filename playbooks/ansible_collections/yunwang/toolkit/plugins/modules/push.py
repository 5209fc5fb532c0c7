#!/usr/bin/python
"""Has the lines of a plan delivered to a device; tells what became of them. Never saves."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.connection import Connection, ConnectionError

DOCUMENTATION = """
module: push
short_description: deliver the lines of a yunwang plan to a network device
description:
  - Sends configuration lines over M(ansible.netcommon.network_cli) with C(ssh_type) paramiko, under the device's own net where
    the plan gives it one, and commits where the prompt proves a candidate.
  - Never fails for what a device says; RV(told) tells it.
options:
  asked:
    description: what C(yunwang net apply --engine ansible) asks for
    type: dict
    required: true
author: yunwang
"""
RETURN = """
told:
  description: what was delivered, or the verdict
  type: dict
  returned: always
"""


def main() -> None:
    """Run it."""
    module = AnsibleModule(argument_spec={"asked": {"type": "dict", "required": True}})
    try:
        told = Connection(module._socket_path).push(asked=module.params["asked"])
    except ConnectionError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=True, told=told)


if __name__ == "__main__":
    main()
