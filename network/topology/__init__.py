"""Sites, planes and links as a graph: what fails with what, what links carry, and its picture."""
