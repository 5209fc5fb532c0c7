"""Huawei VRP5 (S-series V200R, AR). Data only."""
