"""What runs in OpenStack's own Python: run by path, since yunwang is not installed there. Never imported by the toolkit."""
