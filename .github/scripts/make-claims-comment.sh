#!/usr/bin/env bash
# Says what the pull request does to people's tokens: claims/comment.md and claims/whole.md, and the comment
# in the job's summary too. Ends as the command does, with 1 for a contract that is violated. What could not
# be made is said in the comment, so that nobody takes that of an earlier commit for this one's.
#   BASE_REF: the branch that the pull request goes into
set -euo pipefail

cd "$(dirname "$0")/../.."
# GitHub checks out the merge with that branch, whose first parent is the branch as it was merged.
git branch --force "${BASE_REF:?}" HEAD^1

code=0
npm --silent run claims -- comment --against "$BASE_REF" --out claims || code=$?
if [ "$code" -gt 1 ]; then
  mkdir -p claims
  printf '%s\n' '<!-- workforce-sso claims -->' "### What changes in people's tokens" '' \
    'It could not be made: the log of this run says why.' >claims/comment.md
fi
cat claims/comment.md >>"${GITHUB_STEP_SUMMARY:?}"
echo "comment=made" >>"${GITHUB_OUTPUT:?}"
exit "$code"
