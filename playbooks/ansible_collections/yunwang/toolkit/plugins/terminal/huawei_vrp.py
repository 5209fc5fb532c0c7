"""network_cli's terminal for huawei_vrp."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.terminal import terminal

TerminalModule = terminal("huawei_vrp")
