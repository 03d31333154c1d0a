#!/usr/bin/env bash
# Prints `version=N` for the Pulumi CLI: that of the SDK in package.json, so that the two never drift apart.
set -euo pipefail

cd "$(dirname "$0")/../.."
node -p '"version=" + require("./package.json").dependencies["@pulumi/pulumi"]'
