"""Netmiko's drivers without their sleeps: a blocking read that notices a closed line. Knows no prompt and no command.

What is changed, and why (netmiko 4.8.0):
- `HuaweiBase.check_config_mode` drops its `pattern` and `ruijie_os` has none, so each call waits 2.2 s for silence; the session
  here reads modes from the prompt instead and calls none of it;
- `read_until_pattern` polls each 10 ms and `read_channel` cannot tell a closed channel from a quiet one: a device that hangs up
  looked as if it were slow;
- log-in handlers take the first `>` or `]` for a prompt, also the one in a banner or in AR's `[V300R024C00SPC100]`: neither they
  nor anything else of netmiko's set-up is called; `way` opens the connection.
"""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Callable
from contextlib import closing

import paramiko
from netmiko import BaseConnection, log
from netmiko.cisco.cisco_ios import CiscoIosSSH
from netmiko.hp.hp_comware import HPComwareSSH
from netmiko.huawei.huawei import HuaweiSSH, HuaweiVrpv8SSH
from netmiko.ruijie.ruijie_os import RuijieOSSSH

from yunwang.network.transport.telnet import Duplex
from yunwang.network.transport.wire import WireLog

_CUT = re.compile(r"(?:\r| ?\x1b[^A-Za-z]{0,8}| )\Z")
"""What may be the first half of an escape sequence, of a line feed, or of Huawei's ` ESC[1D`: held back until more comes."""


class Closed(Exception):
    """The device ended the session."""


class Quiet(Exception):
    """Nothing came until the deadline."""


class Line(BaseConnection):
    """Mixed into a driver before netmiko's class: what is read and written passes here, and nothing waits without reason.

    Nothing is written once it is no longer `wanted`: the line counts as closed then.
    """

    def __init__(self, duplex: Duplex, wire: WireLog, wanted: Callable[[], bool] = lambda: True) -> None:
        super().__init__(host="-", session_log=wire, auto_connect=False)
        self._duplex, self._wire, self._wanted = duplex, wire, wanted
        self._held = ""
        self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")

    def disconnect(self) -> None:
        """Nothing more is read or written; who opened the duplex closes it. Netmiko's logger forgets what it kept of us."""
        log.removeFilter(self._secrets_filter)

    def receive(self, deadline: float) -> str:
        """Text as it comes, at least one character; `deadline` is on time.monotonic's clock. Raises Closed, Quiet."""
        while True:
            self._duplex.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                chunk = self._duplex.recv(65536)
            except TimeoutError:
                raise Quiet from None
            except OSError:
                raise Closed from None
            if not chunk:
                raise Closed
            text = self._held + self._decoder.decode(chunk)
            cut = _CUT.search(text)
            self._held = cut.group() if cut else ""
            text = self._clean(text[: cut.start()] if cut else text)
            if text:
                return text

    def _clean(self, text: str) -> str:
        if "\x1b" in text:
            text = self.strip_ansi_escape_codes(text)
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "").replace("\x00", "")
        self._wire.write(text)
        return text

    def send(self, text: str) -> None:
        """Write text as it is. Raises Closed."""
        if not self._wanted():
            raise Closed
        self._wire.sent(text)
        try:
            self._duplex.sendall(text.encode(self.encoding))
        except (OSError, EOFError):
            raise Closed from None

    def shell(self, script: str, seconds: float) -> bool:
        """Run a script in a channel of its own, with the account's shell; did it end well? Raises Closed, Quiet.

        Only a shell can say so: what else an account may have takes the script for a command, and may end well too.
        """
        underlying = getattr(self._duplex, "get_transport", lambda: None)()
        if underlying is None:
            return False
        try:
            with closing(underlying.open_session(timeout=seconds)) as channel:
                channel.settimeout(seconds)
                channel.exec_command(f"{script}\n[ $? -eq 0 ] && echo $((6 * 7))\n")
                return "42\n" in channel.makefile()
        except TimeoutError:
            raise Quiet from None
        except (paramiko.SSHException, OSError, EOFError):
            raise Closed from None


class _Huawei(Line, HuaweiSSH):
    pass


class _HuaweiVrpv8(Line, HuaweiVrpv8SSH):
    pass


class _Comware(Line, HPComwareSSH):
    pass


class _Ruijie(Line, RuijieOSSSH):
    pass


class _Ios(Line, CiscoIosSSH):
    pass


DRIVERS: dict[str, type[Line]] = {
    "huawei": _Huawei,
    "huawei_vrp": _Huawei,
    "huawei_vrpv8": _HuaweiVrpv8,
    "hp_comware": _Comware,
    "ruijie_os": _Ruijie,
    "cisco_ios": _Ios,
    "cisco_xe": _Ios,
}
"""By netmiko's device_type."""
