"""Huawei VRP8 (CE, NE), two-stage. Data only."""
