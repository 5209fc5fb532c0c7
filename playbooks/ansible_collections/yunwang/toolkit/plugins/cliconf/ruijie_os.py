"""network_cli's cliconf for ruijie_os."""

from __future__ import annotations

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.cliconf import cliconf

DOCUMENTATION = """
name: ruijie_os
short_description: configuration lines and displays over network_cli, ruijie_os
description: Talks as yunwang itself does, by the same table of prompts, errors and questions.
"""

Cliconf = cliconf("ruijie_os")
