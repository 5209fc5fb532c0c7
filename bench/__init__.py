"""The toolkit measured beside its rivals, in the same run on the same data. Never asserts a speed: it prints what it found."""
