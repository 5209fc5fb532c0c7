"""network_cli's terminal for hp_comware."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.terminal import terminal

TerminalModule = terminal("hp_comware")
