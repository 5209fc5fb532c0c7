"""Ruijie RGOS 11 and 12. Data only."""
