#!/bin/sh
# On the main branch: apply the stored plan that was made from exactly these files, if it is approved. Plans nothing anew.
# Leaves in ci-out/: run.md (a comment), run.xml (JUnit).
# Exit 0: applied and verified, now or before, or nothing to do; 1: refused or failed, and said why.
set -eu
group=${YUNWANG_GROUP:-cloud}
mkdir -p ci-out
code=0
yunwang "$group" apply --approved --yes --wait 600 --detailed-exitcode || code=$?
if [ "$code" -eq 0 ]; then exit 0; fi # nothing was run
yunwang history show latest --format markdown >ci-out/run.md
yunwang history show latest --format junit >ci-out/run.xml
[ "$code" -eq 2 ] || exit "$code"
