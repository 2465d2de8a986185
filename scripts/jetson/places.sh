# shellcheck shell=bash
# shellcheck disable=SC2034  # those who source this use what they need of it
# Where things lie on a board, and whose they are.

# A test's stand-in for the machine's root folder.
: "${FLINCH_ROOT:=}"
ROOT=$FLINCH_ROOT
readonly ROOT CONFIG_DIR=$ROOT/etc/flinch STATE_DIR=$ROOT/var/lib/flinch SERVICE_USER=flinch
# Where bash looks for what completes a command, by its name.
readonly COMPLETION=$ROOT/usr/local/share/bash-completion/completions/flinch
