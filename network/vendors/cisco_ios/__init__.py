"""Cisco IOS. Data only."""
