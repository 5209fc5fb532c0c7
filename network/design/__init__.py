"""From what runs in IPv4 to its IPv6 half, as values that a vendor renders."""
