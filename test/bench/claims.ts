import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withTemporaryFolder } from "../../packages/local-tenant/test/support/temporary.ts";
import { largeCompany } from "../review/support/large-company.ts";
import { applicationWith, configure, SAMPLE_CONFIG } from "../review/support/project.ts";
import { copyCheckout, putSample } from "../support/sample.ts";

/*
 * How long `npm run claims -- --against HEAD` takes for a company of this size, and how much memory its
 * processes have at most:
 *   node --import tsx test/bench/claims.ts --people 10000 --applications 1
 */
const { values } = parseArgs({
  options: { people: { type: "string", default: "300" }, applications: { type: "string", default: "5" } },
});

await withTemporaryFolder(async (folder) => {
  const root = join(folder, "project");
  copyCheckout(root);
  putSample(root);
  writeFileSync(join(root, "local", "directory.json"), JSON.stringify(largeCompany(Number(values.people))));
  const applications = Array.from({ length: Number(values.applications) }, (_, index) =>
    applicationWith(`app-${index}`),
  );
  const config = { ...SAMPLE_CONFIG, applications };
  configure(root, config);
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@xyz.example", ...args], {
      stdio: "ignore",
    });
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
    ["commit", "-qm", "Before"],
  ])
    git(...args);
  configure(root, { ...config, groupPolicy: { exclude: ["SG-APP-00007"] } });
  const started = performance.now();
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "review/main.ts", "--against", "HEAD", "--json"],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const peaks = new Map<string, number>();
  const timer = setInterval(() => observe(child.pid ?? 0, peaks), 250);
  const [code] = (await once(child, "close")) as [number];
  clearInterval(timer);
  const { changes } = JSON.parse(text) as { changes: unknown[] };
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`exit ${code}, ${changes.length} changes, ${seconds} s`);
  for (const [name, megabytes] of peaks) console.log(`  ${name}: at most ${megabytes} MB`);
});

/** Notes the memory of a process and all that it has started, as Linux tells it; elsewhere nothing. */
function observe(root: number, peaks: Map<string, number>): void {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap(read);
  const family = new Set([root]);
  for (let grew = true; grew;) {
    const found = processes.filter(({ id, parent }) => family.has(parent) && !family.has(id));
    for (const { id } of found) family.add(id);
    grew = found.length > 0;
  }
  for (const { id, name, megabytes } of processes.filter((process) => family.has(process.id))) {
    const key = `${name} ${id}`;
    peaks.set(key, Math.max(megabytes, peaks.get(key) ?? 0));
  }
}

function read(id: string): { id: number; parent: number; name: string; megabytes: number }[] {
  try {
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    const words = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
    const value = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    const script = words.find((word) => /\.(ts|cjs)$/.test(word)) ?? words[0] ?? "";
    return [
      {
        id: Number(id),
        parent: value("PPid"),
        name: script.split("/").at(-1) ?? "",
        megabytes: Math.round(value("VmRSS") / 1024),
      },
    ];
  } catch {
    return [];
  }
}
