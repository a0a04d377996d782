#!/usr/bin/env bash
# Writes the reference of the headers to build/docs/html, and fails if something public is not documented:
# namespaces, classes, structs, enums, types and functions. Not demanded are comments of data members,
# enumerators, const accessors, conversions and macros, where the name says it all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

not_demanded='\(variable\) of |\(macro definition\) of |\) const( ?=0)? \(function\) of |operator|AbslHashValue|StoredRow\(|Ref\('

warnings=build/docs/warnings.txt
mkdir -p build/docs
(cat docs/Doxyfile && echo "WARN_LOGFILE = $warnings") | doxygen -
if grep -Ev "is not documented\.$" "$warnings" | grep . ||
  grep -Ev "($not_demanded).*is not documented\.$" "$warnings" | sort -u | grep .; then
  exit 1
fi >&2
