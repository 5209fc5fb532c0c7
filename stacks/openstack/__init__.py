"""OpenStack behind the kinds of stacks/kind.py: the only room that imports openstacksdk. Knows nothing of Pulumi."""
