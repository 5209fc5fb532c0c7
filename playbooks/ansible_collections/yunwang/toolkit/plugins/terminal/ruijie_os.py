"""network_cli's terminal for ruijie_os."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.terminal import terminal

TerminalModule = terminal("ruijie_os")
