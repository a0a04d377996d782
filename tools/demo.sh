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

# The story has to fit on a screen or two: rules below headers, footers and the stages that no lead goes
# forward from are left to the full reports. The data end with 2024, so today nothing is young in them.
report() {
  printf '== %s\n' "$1"
  "$throughline" report "$ledger" "$1" --through 2024-12-31 | grep -vE '^($|-|(pipeline|funnel|sources), )'
}

printf 'Two years of a company that sells to companies: %s.\n' "$(cat "$folder/generated")"
report pipeline
report funnel | grep -vE '^(nurture|on_hold|disqualified|dead|lost) '
report sources
printf '== The line of one deal\n'
"$throughline" trace "$ledger" crm:O-1-1 >"$folder/line"
head -n 1 "$folder/line"
grep -E ' webinar: |-> dead|silence|call_in: |meeting: |opportunity [0-9]+ opened|-> won' "$folder/line"
