import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyCheckout, putSample } from "../../support/sample.ts";
import { configure } from "./project.ts";
import type { Config } from "./project.ts";

/** How a run of `npm run claims` ended. */
export interface ClaimsRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A checkout of this project in a git repository of its own. */
export interface GitCheckout {
  readonly root: string;
  /** Where the command makes its temporary folders. */
  readonly temporary: string;
  /** Writes the stack's file. */
  configure(config: Config): void;
  /** Commits everything, and gives the commit a tag. */
  commit(tag: string): void;
  /** Runs the command; `whileRunning` may look at it, and end it. */
  claims(
    args: readonly string[],
    whileRunning?: (stop: (signal: NodeJS.Signals) => void) => Promise<void>,
  ): Promise<ClaimsRun>;
  /** What the command has left of its worktrees and tenants. */
  leftovers(): string[];
  remove(): void;
}

/** Makes a git repository of the checkout as it is now, with the sample company's people. */
export function gitCheckout(config: Config): GitCheckout {
  const folder = mkdtempSync(join(tmpdir(), "workforce-sso-review-"));
  const [root, temporary] = [join(folder, "project"), join(folder, "tmp")];
  mkdirSync(temporary);
  copyCheckout(root);
  putSample(root);
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@xyz.example", ...args], {
      encoding: "utf8",
    });
  git("init", "--quiet");
  // The link to the packages is no folder, which is what .gitignore speaks of.
  appendFileSync(join(root, ".git", "info", "exclude"), "/node_modules\n");
  const checkout: GitCheckout = {
    root,
    temporary,
    configure: (values) => configure(root, values),
    commit(tag) {
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", tag);
      git("tag", tag);
    },
    claims: (args, whileRunning) => run(root, temporary, args, whileRunning),
    leftovers: () => [
      ...readdirSync(temporary).filter((name) => /^(workforce-sso|local-tenant)-/.test(name)),
      ...(git("worktree", "list", "--porcelain")
        .match(/^worktree .*$/gm)
        ?.slice(1) ?? []),
    ],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  checkout.configure(config);
  return checkout;
}

async function run(
  root: string,
  temporary: string,
  args: readonly string[],
  whileRunning?: (stop: (signal: NodeJS.Signals) => void) => Promise<void>,
): Promise<ClaimsRun> {
  const env = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    TMPDIR: temporary,
    XDG_CACHE_HOME: temporary,
  };
  const child = spawn(process.execPath, ["local/launch/main.mjs", "review/main.ts", ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const closed = once(child, "close") as Promise<[number]>;
  await whileRunning?.((signal) => child.kill(signal));
  const [code] = await closed;
  return { code, stdout, stderr };
}
