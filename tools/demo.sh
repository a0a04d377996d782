#!/usr/bin/env bash
# The demo's story: a ledger from generated data, three reports, and the line of one deal.
set -euo pipefail
throughline=$1
events=${2:-20000}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ledger=$folder/demo.db

"$throughline" init "$ledger" 2>/dev/null
"$throughline" generate --events "$events" --seed 1 -o "$folder/facts.jsonl" 2>"$folder/generated"
"$throughline" import "$ledger" "$folder/facts.jsonl" >"$folder/imported" 2>/dev/null

printf 'Two years of a company that sells to companies: %s.\n' "$(cat "$folder/generated")"
for report in pipeline funnel sources; do
  printf '\n== %s\n' "$report"
  "$throughline" report "$ledger" "$report"
done
printf '\n== The line of one deal\n'
"$throughline" trace "$ledger" crm:O-1-1 | head -n "${THROUGHLINE_DEMO_LINES:-14}"
