import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTenant, loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import type { Directory, Tenant } from "../../../packages/local-tenant/src/index.ts";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";
import { AccessCheck } from "../../../review/access/check.ts";
import { readAccess } from "../../../review/access/read.ts";
import type { AccessResult } from "../../../review/access/report.ts";
import { differencesOf, headDifferences } from "../../../review/against/difference.ts";
import { COUNTED } from "../../../review/against/output.ts";
import { DifferenceTally } from "../../../review/against/tally.ts";
import type { ApplicationCount } from "../../../review/against/tally.ts";
import type { ChangeKind, ClaimsRow, ClaimsSide } from "../../../review/claims/model.ts";
import { openSide } from "../../../review/claims/side.ts";
import { CHECKOUT, putSample } from "../../support/sample.ts";
import { configure } from "../support/project.ts";
import { collect, stream } from "../support/side.ts";
import { COMPANY_CONFIG, CONTRACTS_FILE, directoryText } from "./company.ts";
import { MISTAKES } from "./mistakes.ts";
import type { Mistake } from "./mistakes.ts";

/** What became of a mistake. */
export interface Verdict {
  readonly in: string;
  readonly done: string;
  /** Names of the contracts that are violated. */
  readonly contracts: readonly string[];
  /** What the difference shows. */
  readonly difference: readonly string[];
}

/** One side that is held, to be compared with many. */
export interface Claims extends Pick<ClaimsSide, "head" | "model"> {
  readonly directory: Directory;
  readonly rows: readonly ClaimsRow[];
  readonly access: AccessResult;
}

/** Makes each mistake in a copy of the project, and holds its claims against those without it. */
export function verdicts(): Promise<{ base: AccessResult; verdicts: Verdict[] }> {
  return withCompany(async (claimsOf) => {
    const base = await claimsOf({});
    const found: Verdict[] = [];
    for (const [place, mistakes] of Object.entries(MISTAKES)) {
      for (const mistake of mistakes) {
        const after = await claimsOf(mistake);
        const contracts = [...new Set(after.access.violations.map(({ rule, name }) => name ?? rule))];
        found.push({ in: place, done: mistake.done, contracts, difference: await differenceOf(base, after) });
      }
    }
    return { base: base.access, verdicts: found };
  });
}

/** The claims of a copy with a mistake in it, and how the sample's contracts hold for them. */
type ClaimsOf = (mistake: Partial<Mistake>) => Promise<Claims>;

/** Runs `body` with copies of the company's project: each is deployed to a fork of one tenant. */
export function withCompany<T>(body: (claimsOf: ClaimsOf) => Promise<T>): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    const file = join(folder, "directory.json");
    writeFileSync(file, directoryText());
    const tenant = await createTenant({ directory: file });
    try {
      return await body((mistake) => claimsIn(mkdtempSync(join(folder, "copy-")), tenant, mistake));
    } finally {
      await tenant.close();
    }
  });
}

async function claimsIn(
  root: string,
  tenant: Tenant,
  { config = COMPANY_CONFIG, code }: Partial<Mistake>,
): Promise<Claims> {
  putSample(root);
  configure(root, config);
  symlinkSync(join(CHECKOUT, "node_modules"), join(root, "node_modules"), "dir");
  const own = code === undefined ? [] : ["index.ts", "stack", "action"];
  for (const name of own) cpSync(join(CHECKOUT, name), join(root, name), { recursive: true });
  for (const name of ["index.ts", "package.json"]) {
    if (!own.includes(name)) symlinkSync(join(CHECKOUT, name), join(root, name));
  }
  if (code !== undefined) edit(join(root, code.file), code.find, code.put);
  const file = join(root, "local", "directory.json");
  writeFileSync(file, directoryText());
  const side = await openSide(
    { root, stack: "dev", directory: { file, name: "local/directory.json", date: "2026-11-24" } },
    () => tenant.fork({ listen: true }),
  );
  try {
    return await checked(side, loadDirectory(file));
  } finally {
    await side.close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function checked({ head, model, rows }: ClaimsSide, directory: Directory): Promise<Claims> {
  const context = { head, directory, ...(model !== undefined && { model }) };
  const check = new AccessCheck(readAccess(readFileSync(CONTRACTS_FILE, "utf8"), "access.yaml"), context);
  const all = await collect(rows);
  for (const row of all) check.add(row);
  return { head, ...(model !== undefined && { model }), directory, rows: all, access: check.result() };
}

function edit(file: string, find: string, put: string): void {
  const text = readFileSync(file, "utf8");
  assert.equal(text.split(find).length, 2, `${find} is once in ${file}`);
  writeFileSync(
    file,
    text.replace(find, () => put),
  );
}

async function differenceOf(before: Claims, after: Claims): Promise<string[]> {
  const tally = new DifferenceTally();
  for await (const change of differencesOf(stream(before.rows), stream(after.rows))) tally.add(change);
  return [
    ...headDifferences(before.head, after.head).map(({ name }) => `other ${name}`),
    ...tally.applications.map(inWords),
  ];
}

/** The worst two things that happened at an application. */
function inWords({ application, kinds }: ApplicationCount): string {
  const order = Object.keys(COUNTED) as ChangeKind[];
  const worst = order.filter((kind) => kinds[kind] !== undefined).slice(0, 2);
  return `${application}: ${worst.map((kind) => `${kinds[kind]} ${COUNTED[kind]}`).join(", ")}`;
}
