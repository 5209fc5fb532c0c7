"""What each contender does, in a process of its own: `python -m bench.contenders.X TASK.json`. Measures only the work itself."""
