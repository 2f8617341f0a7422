# A city of the scale 1:2000 in the cluster of ./run up, in a folder of its own that goes when the test ends. To be sourced, with
# SOURCE and LEARNCITY set. Sets FOLDER, target, tokens, ledgers and brokers, as the cluster says them.

FOLDER=$(mktemp -d -t local-city-XXXXXX)
chmod 755 "$FOLDER"  # PostgreSQL runs as another user where this is root.
export LEARNCITY_CLUSTER="$FOLDER/cluster"
cluster() { "$SOURCE/deploy/local/cluster.sh" "$@"; }
trap 'cluster down; rm -rf "$FOLDER"' EXIT

said=$(cluster up "$LEARNCITY" "$SOURCE/build/tools/kafka/libs")
echo "$said"
target=$(sed -n 's/.*--target \([^ ]*\) .*/\1/p' <<<"$said")
tokens=$(sed -n 's/^tokens  *//p' <<<"$said")
ledgers=$(sed -n "s/.*--ledgers '\(.*\)'/\1/p" <<<"$said")
brokers=$(sed -n 's/^Kafka  *\([^,]*\),.*/\1/p' <<<"$said")
cd "$SOURCE"
"$LEARNCITY" demo --scale 1:2000 --target "$target" --token-file "$tokens"
