"""The network's jobs for the engine: dual stack and bindings, device by device. They decide nothing that can be decided purely.

They satisfy operations.job.Job by their shape; this room imports nothing of operations/.
"""

from yunwang.network.jobs.binding import BindingJob
from yunwang.network.jobs.dual_stack import DualStackJob

__all__ = ["BindingJob", "DualStackJob"]
