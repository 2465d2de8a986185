#!/bin/bash
# Analyses in the cluster that kubectl speaks to, waits, then merges. What an earlier run left half done goes on.
# Exit status as of flinch analyze: 0, 3 where some shards failed and the tables have the rest, 1 where there are none.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

start() {
  # A Job cannot be changed, only made anew.
  kubectl delete job "$1" --namespace flinch --ignore-not-found --cascade=foreground
  kubectl apply -f "$here/$2"
}

# Waits for the end of a Job, and says whether it was a good one: kubectl wait knows either of the two ends, but not
# whichever comes first.
completes() {
  local found=""
  until [[ "$found" == *Complete* || "$found" == *Failed* ]]; do
    sleep "${POLL_SECONDS:-20}"
    # The cluster may be out of reach for a while; a Job that is there has a name.
    found="$(kubectl get job "$1" --namespace flinch --ignore-not-found \
      -o jsonpath='{.metadata.name} {.status.conditions[?(@.status=="True")].type}')" || continue
    if [[ -z "$found" ]]; then
      echo "run.sh: somebody has deleted the Job $1" >&2
      return 1
    fi
  done
  echo "$found" >&2
  [[ "$found" == *Complete* ]]
}

kubectl apply -f "$here/namespace.yaml" -f "$here/volumes.yaml"
status=0
start flinch-analyse analyse.yaml
if ! completes flinch-analyse; then
  status=3
  kubectl get job flinch-analyse --namespace flinch --ignore-not-found \
    -o jsonpath='failed shards, from 0: {.status.failedIndexes}{"\n"}' >&2
fi
start flinch-merge merge.yaml
completes flinch-merge || status=1
exit "$status"
