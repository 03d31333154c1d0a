#!/usr/bin/env node
// Puts a comment on the pull request, or updates the one that is there. It is told by its first line and by
// its author, because others can write that line too. This uses nothing but Node.js, since it has a token
// that may write, which no package should see. update-comment.mjs FILE, with PULL_REQUEST, HEAD_SHA,
// GITHUB_TOKEN and what GitHub sets itself
import { readFileSync } from "node:fs";

const AUTHOR = "github-actions[bot]";
const PAGE = 100;

const [file = ""] = process.argv.slice(2);
try {
  await update(readFileSync(file, "utf8"));
} catch (error) {
  console.log(`::error title=No comment::${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** @param {string} text */
async function update(text) {
  const [marker = ""] = text.split("\n", 1);
  if (!/^<!-- [a-z -]+ -->$/.test(marker)) throw new Error(`${file} does not begin with a marker.`);
  const repository = setting("GITHUB_REPOSITORY");
  const comments = `/repos/${repository}/issues/${setting("PULL_REQUEST")}/comments`;
  const run = `${setting("GITHUB_SERVER_URL")}/${repository}/actions/runs/${setting("GITHUB_RUN_ID")}`;
  const body = `${text}\nOf ${setting("HEAD_SHA")}, by [this run](${run}).\n`;
  const id = await find(comments, marker);
  const answer =
    id === undefined
      ? await ask("POST", comments, { body })
      : await ask("PATCH", `/repos/${repository}/issues/comments/${id}`, { body });
  if (answer.status === 403) {
    // Of Dependabot's pull requests, for example, or where the organization lets workflows only read.
    console.log(
      "::notice title=No comment::This workflow may not write comments here. Its summary has the text.",
    );
  } else if (!answer.ok) {
    throw new Error(`GitHub answers ${answer.status} to the comment.`);
  }
}

/**
 * The comment's id, where there is one.
 * @param {string} comments
 * @param {string} marker
 * @returns {Promise<number | undefined>}
 */
async function find(comments, marker) {
  for (let page = 1; ; page += 1) {
    const found = await ask("GET", `${comments}?per_page=${PAGE}&page=${page}`);
    if (!found.ok) throw new Error(`GitHub answers ${found.status} when it is asked for the comments.`);
    const some = /** @type {{ id: number, body?: string, user?: { login?: string } | null }[]} */ (
      await found.json()
    );
    const own = some.find((comment) => comment.user?.login === AUTHOR && comment.body?.startsWith(marker));
    if (own !== undefined || some.length < PAGE) return own?.id;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [json]
 */
function ask(method, path, json) {
  return fetch(`${setting("GITHUB_API_URL")}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${setting("GITHUB_TOKEN")}`,
      "x-github-api-version": "2022-11-28",
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
}

/** @param {string} name */
function setting(name) {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set.`);
  return value;
}
