#!/usr/bin/env bash
# The cluster of ./run up from beginning to end, in a folder of its own: it comes up, takes a city, agrees with itself, goes on
# after it was stopped, and leaves no process behind.
#   local_cluster_test.sh SOURCE_DIR LEARNCITY
set -euo pipefail

SOURCE=$1 LEARNCITY=$2
source "$SOURCE/tests/contract/local_city.sh"
"$LEARNCITY" verify --folder "$FOLDER/cluster/city" --ledgers "$ledgers"

pids=$(cat "$FOLDER"/cluster/*.pid)
cluster down
for pid in $pids; do
  [[ ! -e /proc/$pid ]] || { echo "process $pid is left behind"; exit 1; }
done
cluster up "$LEARNCITY" "$SOURCE/build/tools/kafka/libs" >/dev/null
"$LEARNCITY" status --folder "$FOLDER/cluster/city" --ledgers "$ledgers" | grep -q 'enrollment: epoch 1, position [1-9]'
echo "PASSED"
