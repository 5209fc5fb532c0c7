"""The engine in a world of its own: targets, time, processes and their deaths are a seed's. Touches nothing but its folder."""
