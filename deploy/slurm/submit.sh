#!/bin/bash
# Submits the analysis of a folder of recordings as an array, and the merge that follows it.
#   submit.sh ARCHIVE RESULTS [TASKS [OPTION of flinch analyze]...]
# Slurm's own variables choose partition, account and limits: SBATCH_PARTITION, SBATCH_ACCOUNT, SBATCH_TIMELIMIT.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if (( $# < 2 )) || ! [[ "${3:-4}" =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: submit.sh ARCHIVE RESULTS [TASKS [OPTION of flinch analyze]...]" >&2
  exit 2
fi
ARCHIVE="$(realpath -e "$1")"
RESULTS="$(realpath -m "$2")"
LOGS="${LOGS:-$RESULTS.logs}"
TABLES="${TABLES:-$RESULTS.tables}"
FLINCH="${FLINCH:-$here/flinch}"
export ARCHIVE RESULTS LOGS TABLES FLINCH
tasks="${3:-4}"
shift "$(( $# < 3 ? $# : 3 ))"

mkdir -p "$RESULTS" "$LOGS"
array="$(sbatch --parsable --export=ALL --array="1-$tasks" --output="$LOGS/%A_%a.log" "$here/analyse.sbatch" "$@")"
# On several clusters, the cluster's name follows.
array="${array%%;*}"
# afterany, not afterok: a recording that cannot be analysed must not cost the tables of all others.
merge="$(sbatch --parsable --export=ALL --dependency="afterany:$array" --output="$LOGS/merge-$array.log" \
  "$here/merge.sbatch" "$array" "$tasks")"
echo "array $array, then merge ${merge%%;*}; logs in $LOGS, tables in $TABLES"
