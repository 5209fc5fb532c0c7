"""Configurations as trees: what differs, and the lines that lead from one to the other."""
