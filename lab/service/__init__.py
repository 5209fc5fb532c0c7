"""The service that is moved, the gateway before it, and a client that keeps writing. Imports nothing but the standard library.

`records.py` and `gateway.py` are copied to machines as they are and run there by python3 (3.9 or newer); they are never imported.
"""
