import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { UsageError, UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { type Ended, installOnce, installPackages, runProgram } from "../support/on-demand.ts";

/**
 * `npm run test:clients [-- NAME...]`: runs clients that others have written, unmodified, each against a
 * fresh tenant of its own. They are installed on demand beside this file, apart from the project's own
 * packages.
 */
const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = join(HERE, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
const DIRECTORY = join(ROOT, "packages/local-tenant/src/directory/sample.json");
const TIME_LIMIT = 180_000;

interface Options {
  readonly python?: boolean;
  /** Starts its tenant itself. */
  readonly alone?: boolean;
  /** Moves the tenant's clock and changes its directory. */
  readonly clock?: boolean;
  /** Milliseconds that it may take; the deploy CLI holds itself to a few requests a second. */
  readonly limit?: number;
}

interface Case extends Options {
  readonly name: string;
}

/**
 * What is special about a case. One that is not named here is Node.js, against a tenant that is started for
 * it.
 */
const SPECIAL: Readonly<Record<string, Options>> = {
  "auth0-deploy-cli": { alone: true, limit: 600_000 },
  "auth0-python": { python: true },
  "mozilla-django-oidc": { python: true },
  "django-admin": { python: true, clock: true },
};

const CASES: readonly Case[] = readdirSync(join(HERE, "cases"))
  .map((file) => basename(file, ".mjs"))
  .toSorted()
  .map((name) => ({ name, ...SPECIAL[name] }));

function run(
  command: string,
  args: readonly string[],
  { limit = TIME_LIMIT }: { limit?: number } = {},
): Promise<Ended> {
  return runProgram(command, args, { cwd: ROOT, env: { CLIENTS_PYTHON: PYTHON }, limit });
}

/** @returns why there is no Python to run clients with. */
function installPython(): Promise<string | undefined> {
  return installOnce(join(HERE, "requirements.txt"), join(HERE, ".venv/.installed"), async () => {
    const system = process.env["PYTHON"] ?? "python3";
    const made = await run(system, ["-m", "venv", join(HERE, ".venv")]);
    if (made.code !== 0) return made;
    const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    return run(PYTHON, [...args, join(HERE, "requirements.txt")], { limit: 600_000 });
  });
}

function runCase({ name, alone, clock, limit = TIME_LIMIT }: Case): Promise<Ended> {
  const script = join(HERE, "cases", `${name}.mjs`);
  if (alone === true) return run(process.execPath, [script], { limit });
  if (clock === true) {
    return run(process.execPath, ["--import", "tsx", join(HERE, "support/with-clock.ts"), script], { limit });
  }
  const command = [process.execPath, script].map((part) => JSON.stringify(part)).join(" ");
  const tool = ["--import", "tsx", join(ROOT, "local/start/tenant.ts")];
  return run(process.execPath, [...tool, "exec", command, "--directory", DIRECTORY], { limit });
}

async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.find((name) => !CASES.some((one) => one.name === name));
  if (unknown !== undefined) {
    const names = CASES.map(({ name }) => name).join(", ");
    throw new UsageError(`There is no client "${unknown}"; there are ${names}.`);
  }
  const cases = CASES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const fault = await installPackages(HERE);
  if (fault !== undefined) throw new UserError(`The clients cannot be installed: ${fault}`);
  const noPython = cases.some(({ python }) => python) ? await installPython() : undefined;
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const one of cases) {
    if (one.python === true && noPython !== undefined) {
      console.log(
        `- ${one.name}: skipped, for there is no Python 3 with venv and pip (${noPython.split("\n").at(-1)})`,
      );
      count.skipped += 1;
      continue;
    }
    const begin = Date.now();
    const { code, output } = await runCase(one);
    console.log(`${code === 0 ? "✔" : "✘"} ${one.name} (${Date.now() - begin} ms)\n${output.trimEnd()}`);
    count[code === 0 ? "passed" : "failed"] += 1;
  }
  const { passed, failed, skipped } = count;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed > 0 ? 1 : 0;
}

await runEntry(main);
