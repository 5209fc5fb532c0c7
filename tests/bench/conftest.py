"""bench/ is no part of the package: it is found in the repository."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
