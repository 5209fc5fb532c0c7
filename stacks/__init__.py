"""Tenants and their quotas on several clouds: Pulumi stacks, the provider behind them, and the job that the engine runs.

Never decides what a tenant should have: that is intent, in the workspace's files.
"""
