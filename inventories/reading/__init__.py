"""How a folder of plain files becomes the Workspace value, with every fault at its line.

Never writes, never raises for what a file is or says.
"""

from yunwang.inventories.reading.workspace import read, source_lines

__all__ = ["read", "source_lines"]
