#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An Apache Kafka broker for tests: one node in KRaft mode, on the loopback device only.
#
#   kafka_broker.sh start DIR PORT [CERTS]   makes DIR, starts a broker whose data, log and pid are there, and
#                                    returns when it answers; a DIR with data continues with them
#   kafka_broker.sh kill DIR         ends it at once (kill -9)
#   kafka_broker.sh stop DIR         ends it
#
# CERTS holds ca.crt, server.crt, server.key. With it the broker also listens on PORT+2 (TLS, wants a client's
# certificate of that authority) and PORT+3 (TLS with SASL: PLAIN, SCRAM-SHA-512, unsigned OAUTHBEARER; user
# "saker", password "falcon-secret").
#
# Exit status 77 and a reason: this machine cannot run it (no Java, no Maven, no way to the jars).
# The jars come from Maven once and stay in SAKER_KAFKA_JARS (default ~/.cache/saker/kafka-VERSION).
set -euo pipefail

version=3.7.2
jars=${SAKER_KAFKA_JARS:-${XDG_CACHE_HOME:-$HOME/.cache}/saker/kafka-$version}

skip() {
  echo "kafka_broker.sh: $1" >&2
  exit 77
}

fetch_jars() {
  [ ! -f "$jars/complete" ] || return 0
  command -v mvn >/dev/null || skip "no Maven to fetch Apache Kafka with"
  local work
  work=$(mktemp -d)
  cat >"$work/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>saker.test</groupId>
  <artifactId>kafka-broker</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>$version</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
XML
  mkdir -p "$jars"
  if ! timeout 240 mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies \
    -DoutputDirectory="$jars" >"$work/log" 2>&1; then
    tail -n 3 "$work/log" >&2
    rm -rf "$work"
    skip "Maven could not fetch Apache Kafka $version"
  fi
  rm -rf "$work"
  touch "$jars/complete"
}

run_java() {
  java -Xmx384m -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$jars/*" "$@"
}

answers() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Listeners with TLS and SASL, for the end of the properties.
secured_listeners() {
  local dir=$1 port=$2 certificates=$3 login=org.apache.kafka.common.security
  cat "$certificates/server.key" "$certificates/server.crt" >"$dir/server.pem"
  cat <<PROPERTIES
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1)),SSL://127.0.0.1:$((port + 2)),SASL_SSL://127.0.0.1:$((port + 3))
advertised.listeners=PLAINTEXT://127.0.0.1:$port,SSL://127.0.0.1:$((port + 2)),SASL_SSL://127.0.0.1:$((port + 3))
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL
ssl.keystore.type=PEM
ssl.keystore.location=$dir/server.pem
ssl.truststore.type=PEM
ssl.truststore.location=$certificates/ca.crt
listener.name.ssl.ssl.client.auth=required
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512,OAUTHBEARER
listener.name.sasl_ssl.plain.sasl.jaas.config=$login.plain.PlainLoginModule required user_saker="falcon-secret";
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=$login.scram.ScramLoginModule required;
listener.name.sasl_ssl.oauthbearer.sasl.jaas.config=$login.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="saker";
PROPERTIES
}

start() {
  local dir=$1 port=$2 certificates=${3:-}
  command -v java >/dev/null || skip "no Java"
  fetch_jars
  mkdir -p "$dir"
  if [ ! -f "$dir/server.properties" ]; then
    cat >"$dir/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
controller.listener.names=CONTROLLER
log.dirs=$dir/data
num.partitions=2
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
PROPERTIES
    local -a users=()
    if [ -n "$certificates" ]; then
      sed -i '/^listeners=/d' "$dir/server.properties"
      secured_listeners "$dir" "$port" "$certificates" >>"$dir/server.properties"
      users=(--add-scram 'SCRAM-SHA-512=[name=saker,password=falcon-secret]')
    fi
    run_java kafka.tools.StorageTool format -t "$(run_java kafka.tools.StorageTool random-uuid)" \
      -c "$dir/server.properties" "${users[@]}" >"$dir/format.log" 2>&1
  fi
  java -Xmx384m -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$jars/*" kafka.Kafka \
    "$dir/server.properties" >>"$dir/broker.log" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  for _ in $(seq 300); do
    kill -0 "$(cat "$dir/pid")" 2>/dev/null || { tail -n 5 "$dir/broker.log" >&2; exit 1; }
    if answers "$port"; then
      return 0
    fi
    sleep 0.2
  done
  echo "kafka_broker.sh: no answer on port $port" >&2
  end "$dir" KILL
  exit 1
}

end() {
  local pid
  pid=$(cat "$1/pid" 2>/dev/null) || return 0
  kill "-$2" "$pid" 2>/dev/null || true
  for _ in $(seq 150); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$1/pid"
}

case "${1:-} $#" in
  "start 3" | "start 4") start "$2" "$3" "${4:-}" ;;
  "stop 2") end "$2" TERM ;;
  "kill 2") end "$2" KILL ;;
  *) sed -n '3,15p' "$0" >&2; exit 2 ;;
esac
