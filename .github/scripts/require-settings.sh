#!/usr/bin/env bash
# Stops with one line that names every setting which is missing. Never prints a value.
#   require-settings.sh NAME...
set -euo pipefail

missing=()
for name in "$@"; do
  [ -n "${!name:-}" ] || missing+=("$name")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "::error title=Preview is not set up::Missing: ${missing[*]}. Add them to the environment auth0-preview (Settings, Environments): AUTH0_DOMAIN as a variable, the others as secrets."
  exit 1
fi
