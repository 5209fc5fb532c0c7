"""network_cli's terminal for huawei_vrpv8."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.terminal import terminal

TerminalModule = terminal("huawei_vrpv8")
