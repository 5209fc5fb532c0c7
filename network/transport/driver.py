"""Netmiko's drivers without their sleeps: a blocking read that notices a closed line. Knows no prompt and no command.

What is changed, and why (netmiko 4.8.0):
- `HuaweiBase.check_config_mode` drops its `pattern` and `ruijie_os` has none, so each call waits 2.2 s for silence; the session
  here reads modes from the prompt instead and calls none of it;
- `read_until_pattern` polls each 10 ms and `read_channel` cannot tell a closed channel from a quiet one: a device that hangs up
  looked as if it were slow;
- log-in handlers take the first `>` or `]` for a prompt, also the one in a banner or in AR's `[V300R024C00SPC100]`.
"""

from __future__ import annotations

import codecs
import re
import time

import paramiko
from netmiko import BaseConnection
from netmiko.cisco.cisco_ios import CiscoIosSSH
from netmiko.hp.hp_comware import HPComwareSSH
from netmiko.huawei.huawei import HuaweiSSH, HuaweiVrpv8SSH
from netmiko.ruijie.ruijie_os import RuijieOSSSH

_CUT = re.compile(r"(?:\r| ?\x1b[^A-Za-z]{0,8}| )\Z")
"""What may be the first half of an escape sequence, of a line feed, or of Huawei's ` ESC[1D`: held back until more comes."""


class Closed(Exception):
    """The device ended the session."""


class Quiet(Exception):
    """Nothing came until the deadline."""


class Line(BaseConnection):
    """Mixed into a driver before netmiko's class: what is read and written passes here, and nothing waits without reason."""

    _held = ""
    _decoder: codecs.IncrementalDecoder | None = None

    def special_login_handler(self, delay_factor: float = 1.0) -> None:
        """Nothing: the session answers log-in questions, by the vendor's table."""

    def _try_session_preparation(self, force_data: bool = True) -> None:
        """Nothing: the session finds the prompt and turns paging off, by the vendor's table."""

    def cleanup(self, command: str = "") -> None:
        """Nothing: closing the channel ends the session on every platform, and drops an uncommitted candidate."""

    def receive(self, deadline: float) -> str:
        """Text as it comes, at least one character; `deadline` is on time.monotonic's clock. Raises Closed, Quiet."""
        channel = self.remote_conn
        if not isinstance(channel, paramiko.Channel):
            raise Closed
        if self._decoder is None:
            self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        while True:
            channel.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                chunk = channel.recv(65536)
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
        text = (
            self.strip_ansi_escape_codes(text).replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "").replace("\x00", "")
        )
        if self.session_log:
            self.session_log.write(text)
        return text

    def send(self, text: str) -> None:
        """Write text as it is. Raises Closed."""
        try:
            self.write_channel(text)
        except (OSError, EOFError):
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
