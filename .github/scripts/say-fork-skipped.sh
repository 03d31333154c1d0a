#!/usr/bin/env bash
# Says on the pull request's checks why a fork gets no preview.
set -euo pipefail

echo "::notice title=No preview for forks::This pull request comes from the fork ${HEAD_REPOSITORY:?}, which gets no secrets of the tenant. The check workflow deploys its program to the local tenant instead, and the job claims says what it does to tokens; a maintainer can push the branch to this repository for a preview."
