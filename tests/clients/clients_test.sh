#!/usr/bin/env bash
# Programs that are not ours use a cluster: grpcurl asks the services, Confluent's Python client with the CloudEvents SDK and
# Kafka's console consumer read the topics, and all count the same events.
#   clients_test.sh SOURCE_DIR LEARNCITY
set -euo pipefail

SOURCE=$1 LEARNCITY=$2
TOOLS="$SOURCE/build/tools"
GRPCURL="$TOOLS/clients/bin/grpcurl"
PYTHON="$TOOLS/clients/bin/python"
SERVICES=(registry enrollment achievements reporting)
fail() { echo "clients_test: $*"; exit 1; }

source "$SOURCE/tests/contract/local_city.sh"
address_of() { tr , '\n' <<<"$target" | sed -n "s/^$1=//p"; }
token=$(awk '$3 == "service" { print $1; exit }' "$tokens")
[[ -n $token ]] || fail "no token of a service in $tokens"
# ask SERVICE METHOD REQUEST
ask() { "$GRPCURL" -plaintext -H "authorization: Bearer $token" -d "$3" "$(address_of "$1")" "$2"; }

echo "--- grpcurl"
heads=()
for service in "${SERVICES[@]}"; do
  listed=$("$GRPCURL" -plaintext "$(address_of "$service")" list)
  grep -q "^learncity.$service.v1." <<<"$listed" || fail "reflection of $service lists: $listed"
  position=$(ask "$service" learncity.feed.v1.FeedService/GetHead "{\"feed\": \"$service\"}" | jq -r .position)
  [[ $position -gt 0 ]] || fail "the head of $service is at $position"
  heads+=("$service=$position")
done
echo "heads: ${heads[*]}"
overview=$(ask reporting learncity.reporting.v1.ReportingService/GetOverview '{}')
counted=$(jq -r '.positions[] | "\(.feed)=\(.position)"' <<<"$overview")
for head in "${heads[@]:0:3}"; do
  grep -qxF "$head" <<<"$counted" || fail "the overview has not counted $head, but" $counted
done
[[ $(jq '[.numbers[].figure.value // empty] | length' <<<"$overview") -gt 5 ]] || fail "the overview is empty: $overview"
refused=$("$GRPCURL" -plaintext -d '{}' "$(address_of enrollment)" \
  learncity.enrollment.v1.EnrollmentService/ListLearners 2>&1) && fail "learners are listed for nobody: $refused"
grep -q 'Code: Unauthenticated' <<<"$refused" || fail "without a token: $refused"

echo "--- confluent-kafka and the CloudEvents SDK"
protoc -I proto -I build/tools/googleapis -I /usr/include --include_imports --descriptor_set_out="$FOLDER/protos" \
  proto/learncity/*/v1/*.proto
"$PYTHON" -B tests/clients/cloud_events.py "$brokers" "$FOLDER/protos" "${heads[@]}"
# And that it can fail: an event fewer is in the topic than this head says.
registry=${heads[0]#*=}
if "$PYTHON" -B tests/clients/cloud_events.py "$brokers" "$FOLDER/protos" "registry=$((registry - 1))"; then
  fail "an event that no head knows passed"
fi

echo "--- Kafka's console consumer"
for head in "${heads[@]}"; do
  java -Xmx128m -XX:+UseSerialGC -cp "$TOOLS/kafka/libs/*" org.apache.kafka.tools.consumer.ConsoleConsumer \
    --bootstrap-server "$brokers" --topic "learncity.hanoi.${head%=*}.v1" --from-beginning --max-messages "${head#*=}" \
    --timeout-ms 30000 --property print.headers=true --property print.value=false \
    >"$FOLDER/console" 2>"$FOLDER/console.log" || { cat "$FOLDER/console.log"; fail "the console consumer ended so"; }
  ids=$(grep -c "ce_id:1-[0-9]*,.*ce_source:urn:learncity:hanoi:${head%=*}" "$FOLDER/console" || true)
  [[ $ids -eq ${head#*=} ]] || { head -n 3 "$FOLDER/console"; fail "the console consumer shows $ids events, not $head"; }
  echo "$head"
done
echo "PASSED"
