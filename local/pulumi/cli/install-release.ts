import { fileURLToPath } from "node:url";
import type { ChildResult } from "../../../packages/local-tenant/src/lib/run-child.ts";
import { launched } from "../../launch/launched.ts";
import { runChild } from "../../../packages/local-tenant/src/lib/run-child.ts";
import { downloadFailure, withDownloadEnvironment } from "./download.ts";
import type { LadderOptions } from "./supplier.ts";
import { failure } from "./probe.ts";
import type { Miss } from "./probe.ts";
import { CLI_VERSION } from "./version.ts";

/** Long enough for 100 MB over a slow line. */
const DEADLINE = 15 * 60_000;
const HOST = "https://get.pulumi.com";

/**
 * Lets the SDK's own installer (`PulumiCommand.install()`) download the release into a folder. The installer
 * cannot be stopped, so it runs in a child process, which can be stopped together with the shell that it
 * starts.
 */
export async function installRelease(folder: string, options: LadderOptions): Promise<Miss | undefined> {
  const { reporter, env, signal } = options;
  const progress = reporter.progress(`Installing the Pulumi CLI ${CLI_VERSION} from get.pulumi.com`);
  const script = fileURLToPath(new URL("./installer.ts", import.meta.url));
  const args = [...launched(script), folder];
  try {
    const result = await withDownloadEnvironment(env, (all) =>
      runChild(process.execPath, args, {
        env: all,
        deadline: DEADLINE,
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    if (result.end === 0) return undefined;
    return { reason: `Pulumi's installer failed (${downloadFailure(complaint(result), HOST, env)})` };
  } finally {
    progress.done();
  }
}

/**
 * The reason of a failure. If the installer's script could not download, curl's line says why; the script's
 * last line does not.
 */
function complaint(result: ChildResult): string {
  return /^\s*(curl: .*)$/m.exec(result.stderr)?.[1] ?? failure(result);
}
