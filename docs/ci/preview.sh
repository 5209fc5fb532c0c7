#!/bin/sh
# On a merge request: what would these files change? Never changes a target.
# Leaves in ci-out/: change.plan, plan.md (a comment), plan.xml (JUnit), validate.sarif, plan.sarif, digest.
# Exit 0: there is a plan, or nothing to do; 1: the files or the plan have errors.
set -eu
group=${YUNWANG_GROUP:-cloud}
mkdir -p ci-out
yunwang validate --format sarif >ci-out/validate.sarif || { yunwang validate; exit 1; }
yunwang policy check
code=0
yunwang "$group" plan --detailed-exitcode -o ci-out/change.plan || code=$?
if [ -s ci-out/change.plan ]; then
	yunwang show ci-out/change.plan --format markdown >ci-out/plan.md
	yunwang show ci-out/change.plan --format junit >ci-out/plan.xml
	yunwang show ci-out/change.plan --format sarif >ci-out/plan.sarif
fi
[ "$code" -eq 2 ] || exit "$code" # 2: there are changes
