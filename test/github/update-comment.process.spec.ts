import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { runChild } from "../../packages/local-tenant/src/lib/run-child.ts";
import { withTemporaryFolder } from "../../packages/local-tenant/test/support/temporary.ts";
import { CHECKOUT } from "../support/sample.ts";

const SCRIPT = join(CHECKOUT, ".github/scripts/update-comment.mjs");
const MARKER = "<!-- workforce-sso claims -->";
const TEXT = `${MARKER}\n### What changes\n`;
const BODY = `${TEXT}\nOf abc123, by [this run](https://github.example/xyz/sso/actions/runs/42).\n`;
const COMMENTS = "/repos/xyz/sso/issues/7/comments";

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string } | null;
}

describe("the comment of a workflow", () => {
  it("is made where there is none", async () => {
    const { end, requests } = await run([]);
    assert.equal(end, 0);
    assert.deepEqual(requests, [
      { method: "GET", url: `${COMMENTS}?per_page=100&page=1`, body: undefined },
      { method: "POST", url: COMMENTS, body: { body: BODY } },
    ]);
  });

  it("is the one that was made before, also among hundreds", async () => {
    const others = Array.from({ length: 150 }, (_, index) => comment({ id: index, body: "Nice." }));
    const { end, requests } = await run([...others, comment({ id: 777 })]);
    assert.equal(end, 0);
    assert.deepEqual(requests.slice(2), [
      { method: "PATCH", url: "/repos/xyz/sso/issues/comments/777", body: { body: BODY } },
    ]);
  });

  it("is nobody else's, whose first line may be the same, nor one that quotes it", async () => {
    const comments = [
      comment({ id: 1, user: { login: "mallory" } }),
      comment({ id: 2, user: null }),
      comment({ id: 3, body: `> ${MARKER}` }),
    ];
    const { requests } = await run(comments);
    assert.deepEqual(
      requests.map(({ method }) => method),
      ["GET", "POST"],
    );
  });

  it("is left out where the workflow may not write, with one line that says where the text is", async () => {
    const { end, stdout } = await run([], { status: 403 });
    assert.equal(end, 0);
    assert.match(stdout, /^::notice .*may not write comments here\. Its summary has the text\.\n$/);
  });

  it("says in one line what went wrong, without the token", async () => {
    for (const [options, message] of [
      [{ status: 500 }, /^::error .*GitHub answers 500 to the comment\.\n$/],
      [{ text: "no marker" }, /^::error .*does not begin with a marker\.\n$/],
      [{ pullRequest: "" }, /^::error .*PULL_REQUEST is not set\.\n$/],
    ] as const) {
      const { end, stdout, stderr } = await run([], options);
      assert.deepEqual([end, stderr], [1, ""]);
      assert.match(stdout, message);
    }
  });
});

function comment(changes: Partial<Comment>): Comment {
  return { id: 1, body: `${MARKER}\nFormer text.`, user: { login: "github-actions[bot]" }, ...changes };
}

interface Options {
  /** What GitHub answers to a comment that is written. */
  readonly status?: number;
  readonly text?: string;
  readonly pullRequest?: string;
}

/**
 * Runs the script with what stands for GitHub's API: it answers pages of comments, and keeps what it is
 * asked.
 */
async function run(
  comments: readonly Comment[],
  { status = 200, text = TEXT, pullRequest = "7" }: Options = {},
) {
  const requests: { method: string; url: string; body: unknown }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "" } = request;
      assert.equal(request.headers.authorization, "Bearer s3cret");
      const sent = Buffer.concat(chunks).toString();
      requests.push({ method, url, body: sent === "" ? undefined : (JSON.parse(sent) as unknown) });
      const page = Number(new URL(url, "http://127.0.0.1").searchParams.get("page"));
      const answer = method === "GET" ? comments.slice((page - 1) * 100, page * 100) : {};
      response.writeHead(method === "GET" ? 200 : status).end(JSON.stringify(answer));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    // SAFETY: it listens on a port.
    const { port } = server.address() as AddressInfo;
    const result = await withTemporaryFolder((folder) => {
      const file = join(folder, "comment.md");
      writeFileSync(file, text);
      const env = {
        GITHUB_API_URL: `http://127.0.0.1:${port}`,
        GITHUB_SERVER_URL: "https://github.example",
        GITHUB_REPOSITORY: "xyz/sso",
        GITHUB_RUN_ID: "42",
        GITHUB_TOKEN: "s3cret",
        HEAD_SHA: "abc123",
        PULL_REQUEST: pullRequest,
      };
      return runChild(process.execPath, [SCRIPT, file], { env });
    });
    assert.doesNotMatch(result.stdout + result.stderr, /s3cret/);
    return { ...result, requests };
  } finally {
    server.close();
  }
}
