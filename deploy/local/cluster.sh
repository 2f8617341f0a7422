#!/usr/bin/env bash
# A cluster on this machine: PostgreSQL, Kafka, and every service as a process of its own, on free ports of 127.0.0.1, with
# all they keep in one folder. './run up' and './run down' call it.
#
#   cluster.sh up LEARNCITY KAFKA_LIBS    starts what does not run, and says where everything is
#   cluster.sh down                       stops what runs; what is kept stays
#
# LEARNCITY_CLUSTER names the folder (.local/cluster).
set -euo pipefail

ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)"
HOME_DIR="$(realpath -m "${LEARNCITY_CLUSTER:-$ROOT/.local/cluster}")"
POSTGRES_BIN=/usr/lib/postgresql/15/bin
SERVICES=(registry enrollment achievements reporting)
START_SECONDS=60
STOP_SECONDS=30

say() { printf '==> %s\n' "$*" >&2; }
fail() { printf 'cluster: %s\n' "$*" >&2; exit 69; }

pid_of() { cat "$HOME_DIR/$1.pid" 2>/dev/null || true; }

# Whether the process that was started under this name is still there: its id, and when it began.
runs() {
  local pid; pid=$(pid_of "$1")
  [[ -n $pid && -e /proc/$pid && "$(began "$pid")" == "$(cat "$HOME_DIR/$1.began" 2>/dev/null)" ]]
}

began() { cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null || true; }

# start NAME COMMAND...: in the background, its output in NAME.log.
start() {
  local name=$1; shift
  "$@" >>"$HOME_DIR/$name.log" 2>&1 </dev/null &
  echo $! >"$HOME_DIR/$name.pid"
  began $! >"$HOME_DIR/$name.began"
  disown
}

# await NAME CONDITION...: until it holds, or the process has ended.
await() {
  local name=$1; shift
  local deadline=$((SECONDS + START_SECONDS))
  until "$@" >/dev/null 2>&1; do
    runs "$name" || { tail -n 20 "$HOME_DIR/$name.log" >&2; fail "$name ended; all it said is in $HOME_DIR/$name.log"; }
    [[ $SECONDS -lt $deadline ]] || fail "$name does not come up; what it said is in $HOME_DIR/$name.log"
    sleep 0.1
  done
}

stop() {
  local name=$1 deadline=$((SECONDS + STOP_SECONDS))
  runs "$name" || { rm -f "$HOME_DIR/$name.pid" "$HOME_DIR/$name.began"; return 0; }
  say "Stopping $name"
  kill -TERM "$(pid_of "$name")" 2>/dev/null || true
  while runs "$name"; do
    [[ $SECONDS -lt $deadline ]] || { say "$name does not end by itself"; kill -KILL "$(pid_of "$name")"; }
    sleep 0.1
  done
  rm -f "$HOME_DIR/$name.pid" "$HOME_DIR/$name.began"
}

# As many ports as are asked for, all free at this moment.
free_ports() {
  python3 - "$1" <<'P'
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in sockets:
    one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in sockets])
P
}

# Ports are chosen once, and kept with the folder.
load_ports() {
  [[ -f $HOME_DIR/ports ]] || free_ports 11 >"$HOME_DIR/ports"
  read -r -a PORTS <"$HOME_DIR/ports"
  POSTGRES_PORT=${PORTS[0]}
  KAFKA_PORT=${PORTS[1]}
  CONTROLLER_PORT=${PORTS[2]}
  LEDGERS="host=127.0.0.1 port=$POSTGRES_PORT user=postgres dbname=postgres"
  BROKERS="127.0.0.1:$KAFKA_PORT"
  PEERS=""
  local i
  for i in "${!SERVICES[@]}"; do
    PEERS+="${PEERS:+,}${SERVICES[$i]}=127.0.0.1:${PORTS[$((3 + 2 * i))]}"
  done
}

# PostgreSQL refuses to run as root. In place of this process, so that a server in the background has its id.
exec_as_postgres() {
  if [[ $(id -u) -eq 0 ]]; then exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else exec "$@"; fi
}
as_postgres() { (exec_as_postgres "$@"); }

up_postgres() {
  runs postgres && return
  local data="$HOME_DIR/postgres"
  if [[ ! -f $data/PG_VERSION ]]; then
    say "Making a PostgreSQL in $data"
    mkdir -p "$data"
    chmod 700 "$data"
    if [[ $(id -u) -eq 0 ]]; then chown postgres:postgres "$data"; fi
    as_postgres test -w "$data" || fail "the user postgres cannot reach $data: name another folder as LEARNCITY_CLUSTER"
    as_postgres "$POSTGRES_BIN/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C --data-checksums >>"$HOME_DIR/postgres.log" 2>&1
  fi
  say "Starting PostgreSQL on port $POSTGRES_PORT"
  start postgres exec_as_postgres "$POSTGRES_BIN/postgres" -D "$data" -p "$POSTGRES_PORT" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c max_connections=200
  await postgres "$POSTGRES_BIN/pg_isready" -q -h 127.0.0.1 -p "$POSTGRES_PORT"
}

kafka() {
  local heap=$1; shift
  exec java "$heap" -XX:+UseSerialGC -Dlog4j2.configurationFile="file:$ROOT/deploy/local/kafka-log.yaml" -Dkafka.logs.dir="$HOME_DIR" \
    -cp "$KAFKA_LIBS/*" "$@"
}

up_kafka() {
  runs kafka && return
  cat "$ROOT/deploy/local/kafka.properties" - >"$HOME_DIR/kafka.properties" <<L
controller.quorum.voters=1@127.0.0.1:$CONTROLLER_PORT
listeners=PLAINTEXT://$BROKERS,CONTROLLER://127.0.0.1:$CONTROLLER_PORT
advertised.listeners=PLAINTEXT://$BROKERS
log.dirs=$HOME_DIR/kafka
L
  if [[ ! -f $HOME_DIR/kafka/meta.properties ]]; then
    say "Making a Kafka in $HOME_DIR/kafka"
    local id; id=$(python3 -c 'import base64, uuid; print(base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="))')
    (kafka -Xmx128m kafka.tools.StorageTool format -t "$id" -c "$HOME_DIR/kafka.properties") >>"$HOME_DIR/kafka.log" 2>&1 ||
      { tail -n 20 "$HOME_DIR/kafka.log" >&2; fail "Kafka cannot be made; all it said is in $HOME_DIR/kafka.log"; }
  fi
  say "Starting Kafka on port $KAFKA_PORT"
  start kafka kafka -Xmx512m kafka.Kafka "$HOME_DIR/kafka.properties"
  await kafka topics_are_there
}

topics_are_there() { "$LEARNCITY" topics apply --file "$ROOT/deploy/kafka/topics.yaml" --kafka "$BROKERS"; }

is_ready() { curl --silent --fail --max-time 2 "http://127.0.0.1:$1/readyz"; }

# up_service NAME PORT ADMIN_PORT
up_service() {
  runs "$1" && return
  say "Starting $1 on port $2"
  start "$1" "$LEARNCITY" serve --services "$1" --folder "$HOME_DIR/city" --data "$ROOT/data" --ledgers "$LEDGERS" \
    --kafka "$BROKERS" --peers "$PEERS" --address "127.0.0.1:$2" --admin-port "$3"
  await "$1" is_ready "$3"
}

up() {
  LEARNCITY=$1 KAFKA_LIBS=$2
  mkdir -p "$HOME_DIR"
  load_ports
  up_postgres
  up_kafka
  local i
  for i in "${!SERVICES[@]}"; do up_service "${SERVICES[$i]}" "${PORTS[$((3 + 2 * i))]}" "${PORTS[$((4 + 2 * i))]}"; done
  printf 'PostgreSQL    127.0.0.1:%s, a schema for each service\n' "$POSTGRES_PORT"
  printf 'Kafka         %s, topics learncity.hanoi.<service>.v1\n' "$BROKERS"
  for i in "${!SERVICES[@]}"; do
    printf '%-13s 127.0.0.1:%s, metrics http://127.0.0.1:%s/metrics\n' \
      "${SERVICES[$i]}" "${PORTS[$((3 + 2 * i))]}" "${PORTS[$((4 + 2 * i))]}"
  done
  cat <<WHERE
tokens        $HOME_DIR/city/tokens.txt
logs          $HOME_DIR/*.log
next: ./run demo --scale 1:2000 --target $PEERS --token-file $HOME_DIR/city/tokens.txt
      ./run status --folder $HOME_DIR/city --ledgers '$LEDGERS'
      ./run down
WHERE
}

down() {
  [[ -d $HOME_DIR ]] || { say "Nothing runs in $HOME_DIR"; return; }
  local i
  for ((i = ${#SERVICES[@]} - 1; i >= 0; i--)); do stop "${SERVICES[$i]}"; done
  stop kafka
  stop postgres
  say "All stopped. What they keep is in $HOME_DIR; './run up' goes on with it"
}

case "${1:-}" in
  up) up "$2" "$3" ;;
  down) down ;;
  *) fail "up or down" ;;
esac
