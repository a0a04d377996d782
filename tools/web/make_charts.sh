#!/usr/bin/env bash
# Makes assets/echarts/ anew. Needs Node.js 20 or later with npm, and npm's registry; the build of the
# library needs none of them. The packages are those of package-lock.json, which also has their checksums.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=../../build/web
mkdir -p "$work"
cp package.json package-lock.json build_charts.mjs echarts_parts.js "$work"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund
node build_charts.mjs ../../assets/echarts
