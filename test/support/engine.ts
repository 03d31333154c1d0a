import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { cliAtHand } from "../../local/pulumi/cli/ladder.ts";
import type { Cli } from "../../local/pulumi/cli/probe.ts";
import { silent } from "../../local/pulumi/cli/reporter.ts";
import { localConfig } from "../../local/pulumi/engine/config.ts";
import { makeSecrets, openEngine } from "../../local/pulumi/engine/engine.ts";
import type { Engine } from "../../local/pulumi/engine/engine.ts";
import { workspacePaths } from "../../local/pulumi/engine/paths.ts";
import { choosePlugin } from "../../local/pulumi/engine/plugin.ts";
import type { Plugin } from "../../local/pulumi/engine/plugin.ts";
import { prepareWorkspace } from "../../local/pulumi/engine/workspace.ts";
import { caFile, loadTls } from "../../packages/local-tenant/src/lib/tls.ts";
import { sampleProject } from "./sample.ts";
import { startTestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import type { TestTenant } from "../../packages/local-tenant/test/support/tenant.ts";

/** Keys of the project's configuration without namespace, and their values. */
export type Settings = Readonly<Record<string, unknown>>;

/** What an operation of the engine did. */
export interface Outcome {
  /**
   * `OPERATION NAME` of each resource that did not stay the same, sorted; components and the stack itself
   * left out.
   */
  readonly changed: string[];
  /** Number of resources by operation. */
  readonly counts: Readonly<Record<string, number>>;
  /** Everything that the engine printed. */
  readonly printed: string;
}

/** The program's stack on a tenant of its own, deployed by the real engine. */
export interface TestEngine extends TestTenant {
  /** The one that is open now. */
  readonly engine: Engine;
  readonly cli: Cli;
  readonly folder: string;
  /**
   * Gives the stack this configuration on top of the local one, from the next operation on; `undefined` takes
   * a key out.
   */
  configure(settings: Settings): void;
  /** Opens the same stack with another provider. */
  switchTo(plugin: Plugin): Promise<void>;
  up(signal?: AbortSignal): Promise<Outcome>;
  preview(): Promise<Outcome>;
  refresh(): Promise<Outcome>;
  destroy(): Promise<Outcome>;
  /** `KIND NAME` of everything on the tenant that was not there at first, sorted. */
  made(): string[];
  /**
   * `METHOD PATH STATUS` of the Management API's requests since the last call, GETs left out, oldest first.
   */
  writes(): string[];
}

const STAND_IN: Plugin = { kind: "stand-in", why: "the tests choose it" };
let found: Promise<Cli | undefined> | undefined;
/** The Pulumi folder of a stack that has not been deployed yet. */
let fresh: string | undefined;

/**
 * The CLI that is at hand; where there is none, skips what has asked, with a line that says how to get one.
 */
export async function requireCli(context: Mocha.Context): Promise<Cli> {
  const spec = context.runnable().file ?? "";
  if (!spec.endsWith(".engine.spec.ts")) {
    throw new Error(
      `${spec} needs the engine: end its name in .engine.spec.ts, so that npm run test:engine runs it.`,
    );
  }
  found ??= cliAtHand({ env: process.env, reporter: silent });
  const cli = await found;
  if (cli !== undefined) return cli;
  console.log("    skipped: no Pulumi CLI was found; npm run cli gets one");
  return context.skip();
}

/** The auth0 plugin that is at hand; else skips what has asked, with a line that says how to get it. */
export async function requirePlugin(context: Mocha.Context): Promise<Plugin> {
  const cli = await requireCli(context);
  const plugin = await choosePlugin({ cli, env: process.env, reporter: silent, download: false });
  if (plugin.kind === "plugin") return plugin;
  console.log(`    skipped: ${plugin.why}; pulumi plugin install resource auth0 3.49.0 gets one`);
  return context.skip();
}

/** Opens a stack on a fresh tenant, with the stand-in provider unless told. Close it in `after`. */
export async function startTestEngine(
  context: Mocha.Context,
  options: { plugin?: Plugin; program?: PulumiFn } = {},
): Promise<TestEngine> {
  const cli = await requireCli(context);
  const root = sampleProject();
  const folder = mkdtempSync(join(tmpdir(), "workforce-sso-"));
  const tls = join(folder, "tls");
  const test = await startTestTenant({ tls: await loadTls(tls) });
  const paths = workspacePaths(join(folder, "pulumi"));
  const { context: tenant } = test.tenant;
  const config = (settings: Settings) => ({
    ...localConfig(root, { domain: tenant.domain }),
    ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`workforce-sso:${key}`, value])),
  });
  const program = options.program ?? (await import("../../index.ts")).default;
  const open = (plugin: Plugin) =>
    openEngine({
      cli,
      plugin,
      root,
      folder: paths.folder,
      program,
      config: config({}),
      tenant: { domain: tenant.domain, ...tenant.store.deployer, ca: test.tenant.ca, caFile: caFile(tls) },
      // What the CLI keeps in its home has no place in the person's, but that is where a plugin may be.
      env: plugin.kind === "plugin" ? process.env : { ...process.env, PULUMI_HOME: join(folder, "home") },
    });
  if (fresh !== undefined) cpSync(fresh, paths.folder, { recursive: true });
  let engine = await open(options.plugin ?? STAND_IN);
  if (fresh === undefined) keepFresh(paths.folder);
  const atFirst = new Set(inventory(test).keys());
  let seen = 0;
  let missing: readonly string[] = [];
  const setSecrets = async () => {
    await makeSecrets(engine.stack, missing);
    missing = [];
  };
  return {
    ...test,
    get engine() {
      return engine;
    },
    async switchTo(plugin) {
      await engine.close();
      engine = await open(plugin);
    },
    cli,
    folder,
    configure(settings) {
      missing = prepareWorkspace(root, paths, config(settings)).missingSecrets;
    },
    async up(signal) {
      await setSecrets();
      return observe((streams) => engine.stack.up({ ...streams, ...(signal && { signal }) }));
    },
    async preview() {
      await setSecrets();
      return observe((streams) => engine.stack.preview(streams));
    },
    refresh: () => observe((streams) => engine.stack.refresh(streams)),
    destroy: () => observe((streams) => engine.stack.destroy(streams)),
    made: () => [...inventory(test)].flatMap(([id, what]) => (atFirst.has(id) ? [] : [what])).toSorted(),
    writes() {
      const all = test.tenant.context.log.list(({ path }) => path.startsWith("/api/v2/"));
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh
        .filter(({ method }) => method !== "GET")
        .map(({ method, path, status }) => `${method} ${path.slice("/api/v2".length)} ${status}`);
    },
    async close() {
      await engine.close();
      await test.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Making a stack takes the CLI seconds and is the same for every test: it happens once, and the others get a
 * copy.
 */
function keepFresh(folder: string): void {
  const copy = mkdtempSync(join(tmpdir(), "workforce-sso-fresh-"));
  process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
  cpSync(folder, copy, { recursive: true });
  fresh = copy;
}

function inventory({ tenant }: TestTenant): Map<string, string> {
  const { clients, connections, clientGrants, actions, bindings } = tenant.context.store.tables;
  return new Map([
    ...clients.list().map((row) => [row.client_id, `client ${row.name}`] as const),
    ...connections.list().map((row) => [row.id, `connection ${row.name}`] as const),
    ...clientGrants.list().map((row) => [row.id, `grant ${row.scope.join(" ")}`] as const),
    ...actions.list().map((row) => [row.id, `action ${row.name}`] as const),
    ...bindings.list().map((row) => [row.id, `binding ${row.display_name}`] as const),
  ]);
}

interface Streams {
  onOutput(text: string): void;
  onError(text: string): void;
  onEvent(event: EngineEvent): void;
  color: "never";
  /** Concerns the history alone, which nothing here looks at. */
  showSecrets: false;
}

async function observe(operation: (streams: Streams) => Promise<unknown>): Promise<Outcome> {
  const changed = new Set<string>();
  let counts: Record<string, number> = {};
  let printed = "";
  const print = (text: string) => void (printed += text);
  const onEvent = ({ resourcePreEvent, resOutputsEvent, summaryEvent }: EngineEvent) => {
    for (const metadata of [resourcePreEvent?.metadata, resOutputsEvent?.metadata]) {
      if (metadata === undefined || /^(same|refresh|read)$/.test(metadata.op)) continue;
      if (metadata.type.startsWith("auth0:"))
        changed.add(`${metadata.op} ${metadata.urn.split("::").at(-1)}`);
    }
    if (summaryEvent !== undefined) counts = { ...summaryEvent.resourceChanges };
  };
  try {
    await operation({ onOutput: print, onError: print, onEvent, color: "never", showSecrets: false });
  } catch (error) {
    throw new Error(`${printed}\n${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return { changed: [...changed].toSorted(), counts, printed };
}
