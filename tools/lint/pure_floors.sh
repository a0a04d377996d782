#!/usr/bin/env bash
# The pure floors must reach neither a database, nor threads, nor a clock: no such symbol is undefined in them.
# Usage: pure_floors.sh ARCHIVE...
set -euo pipefail

forbidden='^(sqlite3_|PQ|pthread_|clock_gettime)'
status=0
for archive in "$@"; do
  symbols=$(nm --undefined-only --format=just-symbols "$archive")
  if found=$(grep -E "$forbidden" <<<"$symbols" | sort -u); then
    printf '%s is a pure floor and must not use:\n%s\n' "${archive##*/}" "$found" >&2
    status=1
  fi
done
exit "$status"
