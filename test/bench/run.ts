import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { HELP, parseArguments } from "./arguments.ts";
import type { BenchOptions } from "./arguments.ts";
import { foundCompany } from "./company.ts";
import type { Company } from "./company.ts";
import { callsTable, measureCalls } from "./parts/calls.ts";
import { latencyTable, measureLatency } from "./parts/latency.ts";
import { loadTable, measureLoad } from "./parts/load.ts";
import { measureSize, sizeTable } from "./parts/size.ts";

const RESULTS = fileURLToPath(new URL("./results/action.json", import.meta.url));

const HOW_LOAD = `The post-login trigger is driven, not the browser's part of a sign-in: four Action processes, each with any number
of sign-ins side by side. Logins begin on a fixed schedule, whatever became of those before. Calls go over HTTPS to the
tenant, which keeps the limits. Milliseconds are the handler's own; 20,000 stands for a login that production would end.`;

const HOW_LATENCY = `Milliseconds: the handler's own time in its process, then ("all") the whole trigger with the way to the process and
back, a cold one's start included. Each fault hits every user read, in warm processes, no more than 4 logins in a row.`;

async function main(args: readonly string[]): Promise<void> {
  const options = parseArguments(args);
  if (options.help) return void process.stdout.write(HELP);
  const company = await foundCompany();
  try {
    const machine = {
      node: process.version,
      cores: availableParallelism(),
      loadBefore: loadavg()[0]?.toFixed(1),
    };
    say(`Node.js ${machine.node}, ${machine.cores} cores, load ${machine.loadBefore} before the start`);
    const figures = { machine, ...(await measure(company, options)) };
    const file = options.json ?? RESULTS;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`);
    say(`\nAll figures: ${file}`);
  } finally {
    company.remove();
  }
}

async function measure(company: Company, { effort, parts }: BenchOptions): Promise<Record<string, unknown>> {
  const figures: Record<string, unknown> = {};
  const progress = ({ subject, ...row }: { subject: string }): void =>
    void process.stderr.write(`${subject} ${JSON.stringify(row).slice(0, 160)}\n`);
  if (parts.includes(1)) {
    const rows = (figures["calls"] = await measureCalls(company, effort.calls));
    say(`\n1. Calls to the tenant's APIs\n\n${callsTable(rows)}`);
  }
  if (parts.includes(2)) {
    const rows = (figures["load"] = await measureLoad(company, effort, progress));
    say(`\n2. Logins a second, for ${effort.seconds} s\n\n${loadTable(rows)}\n\n${HOW_LOAD}`);
    for (const row of rows.filter(({ latestStart }) => latestStart > 500)) {
      const which = `${row.plan}, ${row.perSecond}/s, ${row.subject}`;
      say(`This machine fell behind the schedule by ${row.latestStart} ms: ${which}.`);
    }
  }
  if (parts.includes(3)) {
    const rows = (figures["latency"] = await measureLatency(company, effort, progress));
    say(`\n3. Added time of a login, in milliseconds\n\n${latencyTable(rows)}\n\n${HOW_LATENCY}`);
  }
  if (parts.includes(4)) {
    const rows = (figures["size"] = measureSize(effort.loads));
    say(`\n4. Source\n\n${sizeTable(rows)}`);
  }
  return figures;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await runEntry(main);
