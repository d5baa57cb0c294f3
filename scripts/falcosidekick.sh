#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# falcosidekick for tests, on the loopback device only.
#
#   falcosidekick.sh start DIR PORT   makes DIR, starts it with its log and pid there, and returns
#                                     when it answers
#   falcosidekick.sh stop DIR         ends it
#
# Exit status 77 and a reason: this machine cannot run it. The program is SAKER_FALCOSIDEKICK, or
# falcosidekick in the path, or is built once with Go into ~/.cache/saker.
set -euo pipefail

module=github.com/falcosecurity/falcosidekick
version=2.31.1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/saker

skip() {
  echo "falcosidekick.sh: $1" >&2
  exit 77
}

find_program() {
  if [ -n "${SAKER_FALCOSIDEKICK:-}" ]; then
    echo "$SAKER_FALCOSIDEKICK"
  elif command -v falcosidekick; then
    :
  elif [ -x "$cache/falcosidekick" ]; then
    echo "$cache/falcosidekick"
  else
    command -v go >/dev/null || skip "neither falcosidekick nor Go"
    mkdir -p "$cache"
    local log
    log=$(mktemp)
    if ! GOBIN=$cache timeout 600 go install "$module@$version" >"$log" 2>&1; then
      tail -n 2 "$log" >&2
      rm -f "$log"
      skip "Go could not fetch or build $module $version"
    fi
    rm -f "$log"
    echo "$cache/falcosidekick"
  fi
}

start() {
  local dir=$1 port=$2 program
  program=$(find_program) || exit $?
  mkdir -p "$dir"
  LISTENADDRESS=127.0.0.1 LISTENPORT=$port "$program" >"$dir/log" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      return 0
    fi
    kill -0 "$(cat "$dir/pid")" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 5 "$dir/log" >&2
  stop "$dir"
  exit 1
}

stop() {
  local pid
  pid=$(cat "$1/pid" 2>/dev/null) || return 0
  kill "$pid" 2>/dev/null || true
  rm -f "$1/pid"
}

case "${1:-} $#" in
  "start 3") start "$2" "$3" ;;
  "stop 2") stop "$2" ;;
  *) sed -n '3,10p' "$0" >&2; exit 2 ;;
esac
