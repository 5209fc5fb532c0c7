"""The Typer application: one file per command group. Parses, calls, shows; decides nothing."""
