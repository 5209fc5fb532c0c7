"""Ansible playbooks and roles, and the ansible-runner front that runs them.

`runner.py` alone imports ansible_runner. A playbook takes its facts as variables; it never reads a workspace.
"""
