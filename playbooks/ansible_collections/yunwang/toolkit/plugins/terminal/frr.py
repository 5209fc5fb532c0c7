"""network_cli's terminal for frr."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.terminal import terminal

TerminalModule = terminal("frr")
