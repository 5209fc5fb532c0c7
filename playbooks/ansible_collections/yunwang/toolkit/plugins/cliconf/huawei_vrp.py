"""network_cli's cliconf for huawei_vrp."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.cliconf import cliconf

DOCUMENTATION = """
name: huawei_vrp
short_description: configuration lines and displays over network_cli, huawei_vrp
description: Talks as yunwang itself does, by the same table of prompts, errors and questions.
"""

Cliconf = cliconf("huawei_vrp")
