"""How a folder of plain files becomes the Workspace value, with every fault at its line.

Never writes, never raises for what a file is or says.
"""

from yunwang.inventories.reading.workspace import read, salvage, source_lines

__all__ = ["read", "salvage", "source_lines"]
