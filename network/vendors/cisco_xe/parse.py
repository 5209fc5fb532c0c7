"""What IOS-XE shows: IOS's templates know both."""

from __future__ import annotations

from yunwang.network.vendors.cisco_ios.parse import PARSE

__all__ = ["PARSE"]
