#!/usr/bin/env bash
# Stops with one line that names every setting which is missing. Never prints a value.
#   require-settings.sh NAME...
set -euo pipefail

missing=()
for name in "$@"; do
  [ -n "${!name:-}" ] || missing+=("$name")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "::error title=Preview is not set up::Missing: ${missing[*]}. Add them to the environment auth0-preview (Settings, Environments): AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET as secrets, the others as variables."
  exit 1
fi
