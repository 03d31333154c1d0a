import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../packages/local-tenant/test/support/free-port.ts";
import { deploySample } from "../../support/deploy-sample.ts";
import { sampleDirectoryFile } from "../../support/sample.ts";
import type { Filled, Person, Target } from "../client/sign-in.ts";
import { hiddenFields } from "./forms.ts";
import { CLAIM, people } from "./people.ts";
import { scriptCommand } from "./script.ts";
import { serve } from "./serve.ts";
import type { Served, Subject } from "./subject.ts";

/** The kept tenant with `--flush`; it is no goal of its own. */
export const FLUSHED = "kept, --flush";

/**
 * The tenant of a checkout as `npm run tenant -- start` starts it there, in memory or in a state folder.
 * @param folder Where the state folders are.
 */
export function ours(
  folder: string,
  root: string,
  name: string,
): { memory: Subject; kept: Subject; flushed: Subject } {
  const what = `the local tenant ${version(root)}`;
  const inFolder = (called: string, more: readonly string[]): Subject => {
    let deployed: Promise<Kept> | undefined;
    return {
      name: called,
      what,
      start: async () => {
        deployed ??= keepDeployed(root, folder);
        const { state, port, target } = await deployed;
        const own = mkdtempSync(join(folder, "kept-"));
        cpSync(state, own, { recursive: true });
        const flags = ["--port", String(port), "--directory", sampleDirectoryFile, "--state", own, ...more];
        return serveOurs(
          root,
          flags,
          port,
          async () => target,
          () => rmSync(own, { recursive: true, force: true }),
        );
      },
    };
  };
  return {
    memory: {
      name: `${name}, in memory`,
      what,
      start: async () => {
        const port = await freePort();
        const flags = ["--port", String(port), "--directory", sampleDirectoryFile, "--in-memory"];
        return serveOurs(root, flags, port, (printed) => deploy(variablesOf(printed)));
      },
    },
    kept: inFolder(`${name}, kept`, []),
    flushed: inFolder(FLUSHED, ["--flush"]),
  };
}

/** A tenant's state with the sample company's stack deployed onto it. */
export interface Kept {
  readonly state: string;
  readonly port: number;
  readonly target: Target;
  /** Credentials of the client that may do everything. */
  readonly deployer: { readonly clientId: string; readonly clientSecret: string };
}

/** Deploys the sample company's stack onto a tenant whose state is in a folder of its own below `folder`. */
export async function keepDeployed(root: string, folder: string): Promise<Kept> {
  const state = mkdtempSync(join(folder, "deployed-"));
  const port = await freePort();
  const flags = ["--port", String(port), "--directory", sampleDirectoryFile, "--state", state];
  let variables: Record<string, string> = {};
  const served = await serveOurs(root, flags, port, (printed) => deploy((variables = variablesOf(printed))));
  try {
    const target = await served.target();
    const { AUTH0_CLIENT_ID: clientId = "", AUTH0_CLIENT_SECRET: clientSecret = "" } = variables;
    return { state, port, target, deployer: { clientId, clientSecret } };
  } finally {
    await served.close();
  }
}

/** Starts the tenant of a checkout; `target` is given what it has printed. */
export function serveOurs(
  root: string,
  flags: readonly string[],
  port: number,
  target: (printed: string) => Promise<Target>,
  clean?: () => void,
): Promise<Served> {
  return serve({
    command: [...scriptCommand(root, "tenant"), "start", ...flags],
    cwd: root,
    port,
    target: async (printed) => target(await announced(printed)),
    ...(clean !== undefined && { clean }),
  });
}

/** What the tenant prints once it is up. */
async function announced(printed: () => string): Promise<string> {
  for (const until = performance.now() + 30_000; performance.now() < until;) {
    if (printed().includes("Ctrl-C stops it.")) return printed();
    await sleep(5);
  }
  throw new Error(`The tenant did not say where it is: ${printed()}`);
}

/** The variables of the file that the tenant names. */
function variablesOf(printed: string): Record<string, string> {
  const file = /variables\s+set -a; \. '([^']+)'/.exec(printed)?.[1] ?? "";
  const lines = readFileSync(file, "utf8").matchAll(/^(?:export )?(\w+)=(?:'([^']*)'|(.*))$/gm);
  const variables: Record<string, string> = {};
  for (const [, name = "", quoted, bare] of lines) variables[name] = quoted ?? bare ?? "";
  return variables;
}

/** Deploys the sample company's stack, its Action bound, through the tenant's Management API. */
async function deploy(variables: Record<string, string>): Promise<Target> {
  const { AUTH0_DOMAIN: domain = "", AUTH0_CLIENT_ID: clientId = "", ISSUER: issuer = "" } = variables;
  const { AUTH0_CLIENT_SECRET: clientSecret = "", SSL_CERT_FILE: caFile = "" } = variables;
  const ca = readFileSync(caFile, "utf8");
  const { outputs } = await deploySample({ domain, clientId, clientSecret, ca });
  // SAFETY: the stack's outputs of these names are maps from an application's name to a text.
  const { clientIds, clientSecrets } = outputs as Record<string, Record<string, string>>;
  const client = {
    id: clientIds?.["admin-portal"] ?? "",
    secret: clientSecrets?.["admin-portal"] ?? "",
    redirectUri: "http://localhost:8000/oidc/callback/",
  };
  return { issuer, ca, client, people, claim: CLAIM, fill };
}

function fill(page: string, { email }: Person): Filled {
  return { action: "/u/login", fields: { ...hiddenFields(page), employee: email } };
}

function version(root: string): string {
  const file = join(root, "packages/local-tenant/package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
