"""keyring://SERVICE/USER: the desktop's or server's keyring, through the library keyring. Never stores anything in it."""

from __future__ import annotations

from yunwang.credentials.scheme import Asked


def read(asked: Asked) -> str:
    """The password of that user of that service. Raises Fatal."""
    try:
        import keyring
        from keyring.errors import KeyringError, NoKeyringError
    except ModuleNotFoundError:
        raise asked.fatal("needs the library keyring", "install yunwang with its extra: pip install 'yunwang[keyring]'") from None
    service, _, user = asked.rest.rpartition("/")
    try:
        secret = keyring.get_password(service, user)
    except NoKeyringError:
        remedy = "start a Secret Service (gnome-keyring, KWallet), or install a backend; `keyring --list-backends` shows them"
        raise asked.fatal("cannot be looked up: there is no keyring on this machine", remedy) from None
    except KeyringError as error:
        raise asked.fatal(f"cannot be looked up ({type(error).__name__})", "unlock the keyring, then run again") from None
    if secret is None:
        raise asked.fatal("is not in the keyring", f"put it there: keyring set '{service}' '{user}'")
    return secret
