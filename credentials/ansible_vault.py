"""ansible-vault://FILE#KEY: a value in a file that ansible-vault encrypted, as a whole or at that key. Never writes one.

KEY are the keys that lead to the value, with dots between them; without KEY the secret is the whole file. Decrypted in memory by
Ansible's own VaultLib. An inventory's `!vault` values arrive here as such references too (inventories/reading/ansible.py).
"""

from __future__ import annotations

import os
from pathlib import Path

from yunwang.credentials.scheme import Asked
from yunwang.inventories.reading.ansible import ENCRYPTED, TAGS, VAULTED
from yunwang.inventories.reading.yaml_tree import Node, compose

PASSWORD_FILE = "ANSIBLE_VAULT_PASSWORD_FILE"


def read(asked: Asked) -> str:
    """The decrypted value. Raises Fatal."""
    file, _, key = asked.rest.partition("#")
    text = _text(asked, file)
    encrypted = text.startswith(ENCRYPTED)
    if encrypted:
        text = _decrypted(asked, text)
    if not key:
        if not encrypted:
            raise asked.fatal("stands in the file in the open", f"ansible-vault encrypt {file}")
        return text.strip()
    root = compose(file, text, TAGS).root  # its findings would quote what they find fault with
    if root is None:
        raise asked.fatal("cannot be found: the file is not sound YAML", f"mend it: ansible-vault edit {file}")
    node = _at(root, key)
    if node is None:
        raise asked.fatal(f"is not there: the file has no key {key}", f"look at its keys: ansible-vault view {file}")
    if not isinstance(node.value, str):
        raise asked.fatal("is not text", "put the value in quotes")
    if node.tag == VAULTED:
        return _decrypted(asked, node.value)
    if not encrypted:
        raise asked.fatal(
            "stands in the file in the open", f"encrypt it: ansible-vault encrypt_string, or ansible-vault encrypt {file}"
        )
    return node.value


def _text(asked: Asked, file: str) -> str:
    try:
        return (asked.root / file).read_text()
    except OSError as error:
        raise asked.fatal(f"cannot be read: {error.strerror}", f"correct the file's name, which starts at {asked.root}") from None
    except UnicodeDecodeError:
        raise asked.fatal("cannot be read: the file is not text in UTF-8", "name a file that ansible-vault wrote") from None


def _at(node: Node, key: str) -> Node | None:
    """The node that the dotted keys lead to. A key may have dots itself (a host's name): the longest that fits is taken."""
    if isinstance(node.value, list):
        first, _, rest = key.partition(".")
        if not first.isdecimal() or int(first) >= len(node.value):
            return None
        return _at(node.value[int(first)], rest) if rest else node.value[int(first)]
    if not isinstance(node.value, dict):
        return None
    if key in node.value:
        return node.value[key]
    for name in sorted(node.value, key=len, reverse=True):
        if key.startswith(f"{name}.") and (found := _at(node.value[name], key.removeprefix(f"{name}."))) is not None:
            return found
    return None


def _decrypted(asked: Asked, text: str) -> str:
    from ansible.errors import AnsibleError
    from ansible.parsing.vault import VaultLib, VaultSecret

    password = _password(asked)
    try:
        plain: bytes = VaultLib([("default", VaultSecret(password.encode()))]).decrypt(text.encode())
        return plain.decode()
    except AnsibleError:  # its text may tell of the content
        source = asked.settings.ansible_vault_password or PASSWORD_FILE
        raise asked.fatal(
            f"cannot be decrypted with the password of {source}", "name the right password; is the file whole?"
        ) from None
    except UnicodeDecodeError:
        raise asked.fatal("is not text in UTF-8", "encrypt text") from None


def _password(asked: Asked) -> str:
    if asked.settings.ansible_vault_password is not None:
        return asked.resolve(asked.settings.ansible_vault_password)
    named = os.environ.get(PASSWORD_FILE)
    if not named:
        remedy = f"set secrets.ansible_vault_password in yunwang.yaml, or export {PASSWORD_FILE}=FILE"
        raise asked.fatal("needs the password of ansible-vault", remedy)
    from ansible.errors import AnsibleError
    from ansible.parsing.dataloader import DataLoader
    from ansible.parsing.vault import get_file_vault_secret

    try:
        secret = get_file_vault_secret(filename=str(Path(named).expanduser()), loader=DataLoader())
        secret.load()
    except AnsibleError:  # it may be a program, which may say anything
        raise asked.fatal(
            f"needs the password of ansible-vault, which {PASSWORD_FILE} does not give", f"does {named} work?"
        ) from None
    password: bytes = secret.bytes
    return password.decode()
