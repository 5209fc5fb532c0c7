"""What devices show, as typed facts."""
