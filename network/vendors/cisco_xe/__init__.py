"""Cisco IOS-XE: as IOS, with SISF device tracking. Data only."""
