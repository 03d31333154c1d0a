import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".github/workflows");

interface Step {
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}
interface Job {
  readonly if?: string;
  readonly steps: readonly Step[];
  readonly env?: Record<string, string>;
  readonly environment?: string;
  readonly permissions?: Record<string, string>;
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix: { readonly node: readonly number[] } };
}
interface Workflow {
  readonly on: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly permissions?: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

const files = readdirSync(folder);
// SAFETY: the files' own shape; actionlint checks it in the check workflow.
const workflow = (file: string) => parse(readFileSync(join(folder, file), "utf8")) as Workflow;
const jobsOf = (file: string) => Object.entries(workflow(file).jobs);

/** An expression that says whether a secret is there and nothing of what it is. */
const PRESENCE = /^\$\{\{ secrets\.\w+ != '' && 'set' \|\| '' \}\}$/;
const hasSecret = (value: unknown) => /\bsecrets\b/.test(String(value)) && !PRESENCE.test(String(value));

/** Whether it runs scripts of the workflows alone: neither the program nor a package sees the job's token. */
function isBare({ steps }: Job): boolean {
  return (
    steps.every(({ run = ".github/scripts/" }) => run.startsWith(".github/scripts/")) && !steps.some(installs)
  );
}
const installs = ({ run, uses }: Step) => /\bnpm\b/.test(run ?? "") || /setup-node|pulumi/.test(uses ?? "");

describe("the workflows", () => {
  for (const file of files) {
    it(`end each job in time, and give it no right that it was not given by name: ${file}`, () => {
      for (const [name, job] of jobsOf(file)) {
        assert.ok((job["timeout-minutes"] ?? Infinity) <= 30, `${name} has no timeout-minutes`);
        assert.ok((job.permissions ?? workflow(file).permissions)?.["contents"] === "read", name);
        for (const [right, level] of Object.entries(job.permissions ?? {})) {
          const entrusted = job.environment !== undefined || (right === "pull-requests" && isBare(job));
          assert.ok(level === "read" || entrusted, `${name} may write ${right}`);
        }
      }
    });

    it(`run Actions by commit, never by a tag that somebody may move: ${file}`, () => {
      for (const step of jobsOf(file).flatMap(([, job]) => job.steps)) {
        if (step.uses !== undefined) assert.match(step.uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
        if (step.uses?.startsWith("actions/checkout@")) {
          assert.equal(step.with?.["persist-credentials"], false);
        }
      }
    });

    it(`run on code that is not trusted without secrets, and put none of its words into a script: ${file}`, () => {
      assert.equal("pull_request_target" in workflow(file).on, false);
      assert.equal("workflow_run" in workflow(file).on, false);
      for (const step of jobsOf(file).flatMap(([, job]) => job.steps))
        assert.doesNotMatch(step.run ?? "", /\$\{\{/);
    });

    it(`give secrets to the one step that needs them: ${file}`, () => {
      assert.deepEqual(Object.values(workflow(file).env ?? {}).filter(hasSecret), []);
      for (const [name, job] of jobsOf(file)) {
        assert.deepEqual(Object.values(job.env ?? {}).filter(hasSecret), [], name);
        const entrusted = job.steps.filter((step) =>
          [step.env, step.with].flatMap((given) => Object.values(given ?? {})).some(hasSecret),
        );
        assert.deepEqual(
          entrusted.map(({ uses }) => uses?.split("@")[0]),
          job.environment === undefined ? [] : ["pulumi/actions"],
        );
      }
    });

    it(`install without running what packages bring: ${file}`, () => {
      const installs = jobsOf(file)
        .flatMap(([, job]) => job.steps)
        .filter((step) => /npm (?:ci|install|i)\b/.test(step.run ?? ""));
      for (const { run } of installs) assert.equal(run, "npm ci --ignore-scripts");
    });
  }

  it("give GitHub's token to a step that only comments", () => {
    for (const file of files) {
      const steps = jobsOf(file).flatMap(([, job]) => job.steps);
      const entrusted = steps.filter((step) => /github\.token|GITHUB_TOKEN/.test(JSON.stringify(step)));
      assert.deepEqual(
        entrusted.map(({ run }) => run),
        file === "preview.yml" ? [".github/scripts/update-comment.mjs claims/comment.md"] : [],
      );
    }
  });

  it("say what a pull request does to tokens, of a fork too, with the history that it is held against", () => {
    const { claims, comment } = workflow("preview.yml").jobs;
    assert.deepEqual(
      [claims?.if, claims?.environment, claims?.permissions],
      [undefined, undefined, { contents: "read" }],
    );
    assert.equal(claims?.steps[0]?.with?.["fetch-depth"], 0);
    const [kept] = claims?.steps.slice(-1) ?? [];
    assert.match(kept?.uses ?? "", /^actions\/upload-artifact@/);
    assert.match(kept?.if ?? "", /!cancelled\(\)/, "also where a contract is violated");
    assert.match(comment?.if ?? "", /!cancelled\(\).*head\.repo\.full_name == github\.repository/);
  });

  it("run the tests on each version of Node.js that is supported", () => {
    assert.deepEqual(workflow("check.yml").jobs["check"]?.strategy?.matrix.node, [20, 22, 24]);
  });

  it("leave Pulumi's token and the stack's outputs to no later step", () => {
    const steps = workflow("preview.yml").jobs["preview"]?.steps.map(({ uses }) => uses?.split("@")[0]) ?? [];
    assert.deepEqual(steps.slice(-2), ["pulumi/auth-actions", "pulumi/actions"]);
  });

  it("preview without a refresh, for which the client's scopes would not do", () => {
    const step = workflow("preview.yml").jobs["preview"]?.steps.at(-1);
    assert.equal(step?.with?.["command"], "preview");
    assert.equal("refresh" in (step?.with ?? {}), false);
  });

  it("leave out install scripts that nothing depends on, and no other", () => {
    const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const withScript = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript === true);
    // esbuild's puts its program in the place of a launcher, protobufjs's warns of an old version in
    // package.json.
    assert.deepEqual(
      withScript.filter((path) => path !== "node_modules/fsevents"),
      ["node_modules/esbuild", "node_modules/protobufjs"],
    );
  });

  it("are named in the README with every setting that they read", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const text = readFileSync(join(folder, "preview.yml"), "utf8");
    const names = new Set([...text.matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, name]) => name ?? ""));
    assert.ok(names.size > 5);
    for (const name of names) assert.ok(readme.includes(`\`${name}\``), name);
  });
});
