import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { UsageError, UserError } from "../../packages/local-tenant/src/lib/errors.ts";
import { installPackages } from "../support/on-demand.ts";
import { type Area, AREAS, filesOf } from "./areas.ts";
import { percent, type Report, scoreOf } from "./report.ts";

/**
 * `npm run test:mutation [-- AREA|FILE...]`: breaks the code in each way that StrykerJS knows, one at a time,
 * and runs the tests that reach the broken place. Prints what no test noticed. Fails where the tests noticed
 * less than an area asks for.
 */
const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PACKAGES = join(HERE, "node_modules/@stryker-mutator");

/** An area, and the files of it that are broken. */
interface Part {
  readonly area: Area;
  readonly files: readonly string[];
}

/** Runs Stryker in a folder of its own outside of the repository, which is gone afterwards. */
async function mutate({ area, files }: Part): Promise<Report> {
  // Mocha says nothing of a spec that is not there, and its mutants would all survive.
  const named = [...area.specs, ...files].map((path) => path.replace(/[^/]*[*!].*$/, ""));
  const missing = named.find((path) => !existsSync(join(ROOT, path)));
  if (missing !== undefined) throw new UserError(`${area.name} names ${missing}, which is not there.`);
  const folder = mkdtempSync(join(tmpdir(), "workforce-sso-mutation-"));
  try {
    const report = join(folder, "report.json");
    const options = {
      mutate: files,
      testRunner: "mocha",
      plugins: [join(PACKAGES, "mocha-runner/dist/src/index.js")],
      // Not the settings of package.json, which are for another mocha.
      mochaOptions: {
        spec: area.specs,
        extension: ["ts"],
        // A file, because what is required is loaded before the mutant is switched on.
        file: area.loadFirst === true ? [join(HERE, "load-first.mjs")] : [],
        "no-package": true,
        "no-config": true,
      },
      testRunnerNodeArgs: ["--import", "tsx"],
      coverageAnalysis: "perTest",
      concurrency: Math.min(2, availableParallelism()),
      disableTypeChecks: false,
      ...(area.prepare !== undefined && { buildCommand: area.prepare }),
      ignorePatterns: [".local", "test/*/node_modules", "test/*/*/node_modules", "test/clients/.venv"],
      tempDirName: join(folder, "copy"),
      reporters: ["json", "progress-append-only"],
      jsonReporter: { fileName: report },
      logLevel: "error",
    };
    const file = join(folder, "stryker.json");
    writeFileSync(file, JSON.stringify(options));
    const child = spawn(process.execPath, [join(PACKAGES, "core/bin/stryker.js"), "run", file], {
      cwd: ROOT,
      env: { ...process.env, MUTATED_FILES: files.join("\n") },
      stdio: "inherit",
    });
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new UserError(`StrykerJS did not come to an end for ${area.name}.`);
    // SAFETY: Stryker writes its report in this shape.
    return JSON.parse(readFileSync(report, "utf8")) as Report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the words of the command name: all areas, some of them, or files of theirs. */
function partsOf(wanted: readonly string[]): Part[] {
  const all = AREAS.map((area) => ({ area, files: filesOf(area, ROOT) }));
  const unknown = wanted.find(
    (word) => !all.some(({ area, files }) => isIn(area, word) || files.includes(word)),
  );
  if (unknown !== undefined) {
    const names = AREAS.map(({ name }) => name).join(", ");
    throw new UsageError(
      `"${unknown}" is neither an area nor a file of one. Name one of ${names}, or a file of theirs by its path from the root of the repository.`,
    );
  }
  if (wanted.length === 0) return all;
  return all
    .map(({ area, files }) => ({
      area,
      files: wanted.some((word) => isIn(area, word)) ? files : files.filter((file) => wanted.includes(file)),
    }))
    .filter(({ files }) => files.length > 0);
}

/** An area is named by its name, or by the part of it before a slash, which all of a kind have. */
function isIn({ name }: Area, word: string): boolean {
  return `${name}/`.startsWith(`${word}/`);
}

async function main(wanted: readonly string[]): Promise<void> {
  const parts = partsOf(wanted);
  const fault = await installPackages(HERE);
  if (fault !== undefined) throw new UserError(`StrykerJS cannot be installed: ${fault}`);
  const lines: string[] = [];
  let tooLow = false;
  for (const part of parts) {
    const { name, least } = part.area;
    console.log(`${name} ...`);
    const begin = Date.now();
    const score = scoreOf(await mutate(part));
    for (const survivor of score.survivors) console.log(`  ${survivor}`);
    const seconds = Math.round((Date.now() - begin) / 1000);
    lines.push(
      `${name}: tests noticed ${percent(score)} % of ${score.mutants} mutants, at least ${least} % are asked for, in ${seconds} s`,
    );
    tooLow ||= percent(score) < least;
  }
  console.log(lines.join("\n"));
  if (tooLow)
    throw new UserError("An area's tests noticed too little: the lines above say what no test noticed.");
}

// Ctrl-C ends Stryker, which is in the same process group; what it leaves is then removed as at any other
// end.
process.on("SIGINT", () => undefined);
await runEntry(main);
