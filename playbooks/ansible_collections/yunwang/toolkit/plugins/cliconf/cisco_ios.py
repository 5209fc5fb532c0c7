"""network_cli's cliconf for cisco_ios."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.cliconf import cliconf

DOCUMENTATION = """
name: cisco_ios
short_description: configuration lines and displays over network_cli, cisco_ios
description: Talks as yunwang itself does, by the same table of prompts, errors and questions.
"""

Cliconf = cliconf("cisco_ios")
