"""network_cli's terminal for cisco_ios."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.terminal import terminal

TerminalModule = terminal("cisco_ios")
