"""network_cli's cliconf for frr."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.cliconf import cliconf

DOCUMENTATION = """
name: frr
short_description: configuration lines and displays over network_cli, frr
description: Talks as yunwang itself does, by the same table of prompts, errors and questions.
"""

Cliconf = cliconf("frr")
