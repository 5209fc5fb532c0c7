"""Pulumi's engine, our provider and typed resources: the only room that imports pulumi. Never talks to a cloud itself."""

import logging
import os

# Pulumi speaks gRPC in this process, which also starts other programs (ansible-runner forks). gRPC's fork handlers would restart
# its threads in the child, where they fail and write into that program's output; the child only ever executes the program.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

# After a failure the engine is gone while the SDK's program still has something to tell it; gRPC would print that with tracebacks.
# What failed comes by the engine's own events.
logging.getLogger("grpc._server").setLevel(logging.CRITICAL)
