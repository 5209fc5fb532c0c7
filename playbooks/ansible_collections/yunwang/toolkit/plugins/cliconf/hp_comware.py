"""network_cli's cliconf for hp_comware."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.cliconf import cliconf

DOCUMENTATION = """
name: hp_comware
short_description: configuration lines and displays over network_cli, hp_comware
description: Talks as yunwang itself does, by the same table of prompts, errors and questions.
"""

Cliconf = cliconf("hp_comware")
