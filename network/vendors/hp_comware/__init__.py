"""H3C Comware 7. Data only."""
