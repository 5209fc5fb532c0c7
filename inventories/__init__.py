"""The nouns every other room speaks in, and how a workspace of plain files becomes them.

I/O only in `reading/` (files of a workspace) and `demo/` (writing one). Nothing here knows a vendor, a cloud API or a database.
"""
