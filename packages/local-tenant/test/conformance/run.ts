import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Discover } from "../../src/management/connections/fetch-discovery.ts";
import { managementScopes } from "../../src/management/management-scopes.ts";
import type { RunningTenant } from "../../src/running-tenant.ts";
import { startTenant } from "../../src/tenant.ts";
import { runEntry } from "../../src/lib/entry.ts";
import { parseWords } from "../../src/lib/flags.ts";
import { createTls } from "../../src/lib/tls.ts";
import type { TlsMaterial } from "../../src/lib/tls.ts";

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly report: readonly {
    readonly name: string;
    readonly wrong: readonly { readonly i: number; readonly call: string; readonly problems: string[] }[];
  }[];
}

/** What all replays of one run share. */
interface Run {
  readonly script: string;
  readonly caFile: string;
  readonly tls: TlsMaterial;
  readonly discovery: boolean;
}

/**
 * Plays recorded Management API traffic against a fresh tenant for each recording, with the `replay.mjs` that
 * lies beside or above the recordings: `npm run conformance -- DIR [--verbose] [--discovery]`. Without DIR
 * the variable CONFORMANCE_DIR is used.
 *
 * `--discovery`: documents of other identity providers, which production read from the Internet when the
 * traffic was recorded, are served as they were then. Without it the tenant asks the network for them, as it
 * does in use.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseWords({
    allowPositionals: true,
    options: {
      verbose: { type: "boolean", default: false },
      discovery: { type: "boolean", default: false },
    },
  });
  const directory = positionals[0] ?? process.env["CONFORMANCE_DIR"];
  if (directory === undefined || !existsSync(directory)) {
    return skip(`there are no recordings at ${directory ?? "CONFORMANCE_DIR, which is not set"}`);
  }
  const names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  const script = findScript(resolve(directory));
  if (names.length === 0) return skip(`${directory} has no *.json`);
  if (script === undefined) return skip(`there is no replay.mjs in ${directory} or above it`);
  const files = names.sort().map((name) => join(directory, name));
  const work = mkdtempSync(join(tmpdir(), "conformance-"));
  try {
    const tls = await createTls();
    const caFile = join(work, "ca.pem");
    writeFileSync(caFile, tls.ca);
    return await replayAll(files, { script, caFile, tls, discovery: values.discovery }, values.verbose);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function skip(why: string): number {
  console.log(`conformance: skipped, for ${why}`);
  return 0;
}

/** The script in the folder of the recordings, or in one of the two above it. */
function findScript(directory: string): string | undefined {
  const folders = [directory, dirname(directory), dirname(dirname(directory))];
  return folders.map((folder) => join(folder, "replay.mjs")).find((file) => existsSync(file));
}

async function replayAll(files: readonly string[], run: Run, verbose: boolean): Promise<number> {
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const report = await replay(file, run);
    passed += report.passed;
    failed += report.failed;
    print(report, verbose);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function replay(file: string, { script, caFile, tls, discovery }: Run): Promise<Report> {
  const tenant = await startTenant({
    directory: { company: "XYZ", domain: "xyz.example", defaultEmployee: "", employees: [], groups: [] },
    tls,
    ...(discovery ? { discover: recordedDocuments(file) } : {}),
  });
  try {
    const token = await deployerToken(tenant);
    const args = [script, "--json", "--url", tenant.context.issuer, "--ca", caFile, "--token", token, file];
    return JSON.parse(await output(process.execPath, args)) as Report;
  } finally {
    await tenant.close();
  }
}

/**
 * The outside world of the day of the recording, as far as a connection's discovery document is concerned.
 */
function recordedDocuments(file: string): Discover {
  const documents = new Map<string, Record<string, unknown>>();
  JSON.parse(readFileSync(file, "utf8"), (_key, value: unknown) => {
    const { discovery_url: url, domain, oidc_metadata: document } = (value ?? {}) as Record<string, unknown>;
    const address = url ?? `https://${String(domain)}/.well-known/openid-configuration`;
    if (typeof address === "string" && typeof document === "object" && document !== null) {
      documents.set(address, document as Record<string, unknown>);
    }
    return value;
  });
  return async (url) => documents.get(url);
}

function deployerToken({ context }: RunningTenant): Promise<string> {
  const now = Math.floor(context.now() / 1000);
  const { clientId } = context.store.deployer;
  return context.keys.sign({
    iss: context.issuer,
    sub: `${clientId}@clients`,
    aud: context.managementAudience,
    iat: now,
    exp: now + 3600,
    scope: managementScopes.join(" "),
    gty: "client-credentials",
    azp: clientId,
  });
}

function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolveText, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (chunk: string) => {
      text += chunk;
    });
    child.once("error", reject);
    child.once("close", () => resolveText(text));
  });
}

function print({ passed, failed, report }: Report, verbose: boolean): void {
  for (const { name, wrong } of report) {
    console.log(`${failed === 0 ? "ok  " : "FAIL"} ${name}: ${passed} of ${passed + failed}`);
    for (const { i, call, problems } of verbose ? wrong : wrong.slice(0, 1)) {
      console.log(`     #${i} ${call}`);
      for (const problem of problems.slice(0, verbose ? 12 : 3)) console.log(`       ${problem}`);
    }
  }
}

await runEntry(main);
