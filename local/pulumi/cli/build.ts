import { fileURLToPath } from "node:url";
import { hideSecrets } from "../../../packages/local-tenant/src/lib/hide-secrets.ts";
import { runChild } from "../../../packages/local-tenant/src/lib/run-child.ts";
import { cliFile } from "./cache.ts";
import { downloadFailure, withDownloadEnvironment } from "./download.ts";
import type { LadderOptions } from "./supplier.ts";
import type { Miss } from "./probe.ts";
import { unlessSilent } from "./silence.ts";
import { findOnPath } from "./search-path.ts";
import { CLI_VERSION } from "./version.ts";
import { parseUrl } from "../../../packages/local-tenant/src/lib/parse-url.ts";

/** The folder of the Go module that pins the CLI's sources. */
const MODULE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const DEADLINE = 60 * 60_000;
/** How many packages the CLI is made of. Used only to show the progress. */
const PACKAGES = 1700;

/**
 * Builds the CLI from the Go module beside this file, whose go.sum pins every source. It builds without debug
 * information and optimises only Go's own packages. These must be fast, because a command that opens a secret
 * derives a key with a million rounds of PBKDF2. To optimise the rest would make the build longer, and
 * nothing faster that a person notices.
 */
export async function buildWithGo(folder: string, options: LadderOptions): Promise<Miss | undefined> {
  const { env, reporter, signal, hint, patience } = options;
  const go = findOnPath("go", env);
  if (go === undefined) return { reason: "there is no go on PATH to build the CLI with" };
  reporter.say(
    `Building the Pulumi CLI ${CLI_VERSION} with ${go}. This happens once, takes some minutes, and needs 3 GB in Go's caches.`,
  );
  if (hint !== undefined) reporter.say(hint);
  const hosts = await moduleProxy(go, options);
  const progress = reporter.progress("Building: getting the sources");
  const seen = { packages: 0, downloads: false, complaint: "" };
  const watch = {
    hosts,
    env,
    waiting: () => seen.downloads && seen.packages === 0,
    ...(signal && { signal }),
    ...(patience !== undefined && { patience }),
  };
  const result = await withDownloadEnvironment(env, (all) =>
    unlessSilent(watch, (either) =>
      runChild(go, buildArguments(cliFile(folder)), {
        cwd: MODULE,
        env: buildEnvironment(all),
        deadline: DEADLINE,
        signal: either,
        onErrorLine: (line) => {
          count(line, seen);
          if (seen.packages > 0)
            progress.update(`Building: ${seen.packages} of about ${PACKAGES} packages compiled`);
        },
      }),
    ),
  ).finally(() => progress.done());
  if ("silent" in result) {
    const why = downloadFailure(result.silent, hosts[0] ?? "", env);
    return { reason: `the build by ${go} was stopped (${why})` };
  }
  if (result.end === 0) return undefined;
  const why =
    seen.complaint !== ""
      ? seen.complaint
      : typeof result.end === "string"
        ? result.end
        : `exit code ${result.end}`;
  // Name the proxy only for a download, because nothing else goes through it.
  const source = /\bGet "(https:\/\/[^"/]+)/.exec(why)?.[1];
  const told = source === undefined ? hideSecrets(why, env) : downloadFailure(why, source, env);
  return { reason: `the build by ${go} failed (${told})` };
}

function buildArguments(output: string): string[] {
  // Without a version the CLI prints none, and the SDK refuses it.
  const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${CLI_VERSION}`;
  return [
    "build",
    "-v",
    "-trimpath",
    "-gcflags=all=-N -l",
    "-gcflags=std=",
    `-ldflags=-s -w -X ${version}`,
    `-o=${output}`,
    PACKAGE,
  ];
}

/** Replaces the person's own Go settings, which are for other modules. */
function buildEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off", CGO_ENABLED: "0" };
}

/** The first place from which Go gets modules, if it is an address. */
async function moduleProxy(go: string, { env, signal }: LadderOptions): Promise<string[]> {
  const result = await runChild(go, ["env", "GOPROXY"], {
    cwd: MODULE,
    env: buildEnvironment(env),
    deadline: 30_000,
    ...(signal && { signal }),
  });
  const [address = ""] = result.stdout.trim().split(/[,|]/);
  return address.startsWith("https://") && parseUrl(address) !== undefined ? [address] : [];
}

/**
 * `go build -v` prints `go: downloading ...` for each module, and then the path of each package that it
 * compiles.
 */
function count(line: string, seen: { packages: number; downloads: boolean; complaint: string }): void {
  if (line.startsWith("go: downloading ")) seen.downloads = true;
  else if (/^[\w.-]+(\/[\w.~-]+)*$/.test(line)) seen.packages += 1;
  else if (line.trim() !== "" && !line.startsWith("#")) seen.complaint = line.trim().slice(0, 300);
}
