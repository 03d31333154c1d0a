import { loadDirectory } from "../../packages/local-tenant/src/directory/directory.ts";
import type { Format } from "../arguments.ts";
import { runWithClaims } from "../claims-run.ts";
import type { ClaimsAsked } from "../claims-run.ts";
import { checkAccess, readContracts } from "./contracts.ts";
import type { ContractsAsked } from "./contracts.ts";
import { accessJson, accessMarkdown, accessText } from "./output.ts";
import type { AccessOutput } from "./output.ts";
import type { AccessReport } from "./report.ts";

/** What `npm run claims -- check` is asked for. */
export interface CheckAsked extends ClaimsAsked, ContractsAsked {
  /** Whether a loosened rule, or a violation of the ref's rules, is told by the exit code too. */
  readonly exitCode: boolean;
  readonly format: Exclude<Format, "csv">;
}

/**
 * Holds everybody's claims against the contracts.
 * @returns the exit code: 1 where one does not hold.
 * @throws {UserError} for what keeps them from being checked, such as every fault of the file.
 */
export async function runCheck(root: string, asked: CheckAsked): Promise<number> {
  const contracts = await readContracts(root, asked);
  const { stack, directory } = asked;
  // Without the ref, whose program is not asked for anything: both files are about the working tree's claims.
  const sides = { stack, ...(directory !== undefined && { directory }) };
  return runWithClaims(root, sides, async (run) => {
    const { head, model, rows } = await run.side();
    const company = loadDirectory(run.directory.source.file);
    const context = { head, directory: company, ...(model !== undefined && { model }) };
    const report = await checkAccess(rows, context, contracts);
    await run.write(OUTPUTS[asked.format](head, report, run.columns));
    return codeOf(report, asked);
  });
}

const OUTPUTS: Readonly<Record<CheckAsked["format"], AccessOutput>> = {
  text: accessText,
  json: accessJson,
  markdown: accessMarkdown,
};

function codeOf({ total, against }: AccessReport, { exitCode }: CheckAsked): number {
  const older = (against?.result?.total ?? 0) + (against?.loosened.length ?? 0);
  return total > 0 || (exitCode && older > 0) ? 1 : 0;
}
