"""What a reference (env://…, file://…, vault://…) leads to, at the moment it is needed. Never caches, never logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from yunwang.credentials.resolve import resolve
from yunwang.inventories.reading import read
from yunwang.inventories.secret import is_reference
from yunwang.inventories.verdict import Verdict

DOCUMENTATION = """
name: secret
short_description: the secret behind a reference of a yunwang workspace
description: Resolves env, file, keyring, ansible-vault and vault references as yunwang itself does.
options:
  _terms:
    description: references
    required: true
  root:
    description: the workspace's folder
    type: path
    required: true
"""
RETURN = """
_raw:
  description: the secrets, in the order of the references
  type: list
"""


class LookupModule(LookupBase):  # type: ignore[misc]
    """The plugin."""

    def run(self, terms: list[str], variables: Any = None, **options: Any) -> list[str]:
        """Resolve each. Raises AnsibleLookupError, which names the reference and never the value."""
        self.set_options(var_options=variables, direct=options)
        workspace, _ = read(Path(self.get_option("root")))
        if workspace is None:
            raise AnsibleLookupError(f"{self.get_option('root')} is not a workspace without faults")
        try:
            return [resolve(self._reference(term), workspace) for term in terms]
        except Verdict as verdict:
            raise AnsibleLookupError(f"{verdict.message}: {verdict.remedy}") from None

    def _reference(self, term: str) -> str:
        if not is_reference(term):  # never quoted: somebody may have written the secret itself
            raise AnsibleLookupError("what is looked up is not a reference to a secret (env://NAME, file://PATH …)")
        return term
