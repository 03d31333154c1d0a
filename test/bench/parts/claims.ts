import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";
import { largeCompany } from "../../review/support/large-company.ts";
import { applicationWith, configure, SAMPLE_CONFIG } from "../../review/support/project.ts";
import { copyCheckout, putSample } from "../../support/sample.ts";
import { rounded } from "../statistics.ts";
import { usageOf } from "../subjects/processes.ts";
import { scriptCommand } from "../subjects/script.ts";
import { shown, table } from "../text.ts";
import type { Effort, Part } from "./part.ts";

interface Row {
  readonly people: number;
  readonly applications: number;
  readonly changes: number;
  readonly seconds: number;
  /** The most that all processes had together; absent where the system does not tell it. */
  readonly mebibytes?: number;
}

export interface ClaimsFigures {
  readonly rows: readonly Row[];
}

const COMPANIES: Readonly<Record<Effort, readonly (readonly [people: number, applications: number])[]>> = {
  full: [
    [300, 5],
    [10_000, 1],
  ],
  quick: [[300, 5]],
  smoke: [[10, 1]],
};

/** How long a comparison of everybody's tokens takes. */
export const claimsPart: Part<ClaimsFigures> = {
  title: "Everybody's tokens, before and after a change",

  async measure({ effort, say }) {
    const rows: Row[] = [];
    for (const [people, applications] of COMPANIES[effort]) {
      rows.push(await compare(people, applications));
      say(`${people} people and ${applications} applications: ${rows.at(-1)?.seconds} s`);
    }
    return { rows };
  },

  show({ rows }) {
    return [
      "`npm run claims -- --against REF` for a made-up company, a change of the group policy between the two.",
      table(
        ["people", "applications", "changed tokens", "seconds", "MiB at most"],
        rows.map(({ people, applications, changes, seconds, mebibytes }) => [
          shown(people),
          shown(applications),
          shown(changes),
          shown(seconds),
          shown(mebibytes ?? Number.NaN),
        ]),
      ),
    ].join("\n\n");
  },

  goals: () => [],
};

function compare(people: number, count: number): Promise<Row> {
  return withTemporaryFolder(async (folder) => {
    const root = join(folder, "project");
    copyCheckout(root);
    putSample(root);
    writeFileSync(join(root, "local", "directory.json"), JSON.stringify(largeCompany(people)));
    const applications = Array.from({ length: count }, (_, index) => applicationWith(`app-${index}`));
    const config = { ...SAMPLE_CONFIG, applications };
    configure(root, config);
    commit(root);
    configure(root, { ...config, groupPolicy: { exclude: ["SG-APP-00007"] } });
    const [program = "", ...words] = scriptCommand(root, "claims");
    const started = performance.now();
    const child = spawn(program, [...words, "--against", "HEAD", "--json"], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    let most = 0;
    const timer = setInterval(() => (most = Math.max(most, usageOf(child.pid ?? 0)?.mebibytes ?? 0)), 250);
    await once(child, "close");
    clearInterval(timer);
    // SAFETY: what the command writes; an answer without changes fails here.
    const { changes } = JSON.parse(text) as { changes: unknown[] };
    return {
      people,
      applications: count,
      changes: changes.length,
      seconds: rounded((performance.now() - started) / 1000),
      ...(most > 0 && { mebibytes: rounded(most) }),
    };
  });
}

function commit(root: string): void {
  const person = ["-c", "user.name=a", "-c", "user.email=a@xyz.example"];
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
    ["commit", "-qm", "Before"],
  ]) {
    execFileSync("git", ["-C", root, ...person, ...args], { stdio: "ignore" });
  }
}
