"""Rules that the plans lay down, over what is meant to be and over what a plan would do: facts in, findings out.

Pure: no clock, no file, no network; never imports the journal. A rule is a value in `RULES`.
Pass and fail only so far: a rule says nothing where it cannot know.
"""

from yunwang.policies.check import RULES, check
from yunwang.policies.rule import Rule, Violation

__all__ = ["RULES", "Rule", "Violation", "check"]
