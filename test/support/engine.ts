import type { EngineEvent, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { cliAtHand } from "../../local/pulumi/cli/ladder.ts";
import type { Cli } from "../../local/pulumi/cli/probe.ts";
import { silent } from "../../local/pulumi/cli/reporter.ts";
import { makeSecrets } from "../../local/pulumi/engine/engine.ts";
import type { Engine } from "../../local/pulumi/engine/engine.ts";
import { choosePlugin } from "../../local/pulumi/engine/plugin.ts";
import type { Plugin } from "../../local/pulumi/engine/plugin.ts";
import type { TestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import { TestStack } from "./test-stack.ts";
import type { Settings } from "./test-stack.ts";

export type { Settings };

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
/** The stack that the tests of one mocha root have in turn. */
let shared: { readonly root: Mocha.Suite; readonly stack: TestStack } | undefined;

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

/**
 * Opens a stack on a fresh tenant, with the stand-in provider unless told. Close it before the next one is
 * opened.
 *
 * Tenant, provider and stack start once for all tests of a process, because that takes seconds: each call
 * resets them. One with a plugin is of its own.
 */
export async function startTestEngine(
  context: Mocha.Context,
  options: { plugin?: Plugin; program?: PulumiFn } = {},
): Promise<TestEngine> {
  const cli = await requireCli(context);
  const program = options.program ?? (await import("../../index.ts")).default;
  if (options.plugin !== undefined) {
    const stack = await TestStack.open(cli, options.plugin, program);
    return testEngine(stack, () => stack.close());
  }
  const root = rootOf(context);
  if (shared?.root === root) {
    shared.stack.reset(program);
  } else {
    const stack = await TestStack.open(cli, STAND_IN, program);
    shared = { root, stack };
    root.afterAll("close the stack", () => stack.close());
  }
  return testEngine(shared.stack, () => Promise.resolve());
}

/** With --parallel each file has a root of its own. */
function rootOf(context: Mocha.Context): Mocha.Suite {
  let suite = context.runnable().parent;
  while (suite?.parent !== undefined) suite = suite.parent;
  if (suite === undefined) throw new Error("A hook or a test has a suite.");
  return suite;
}

function testEngine(stack: TestStack, close: () => Promise<void>): TestEngine {
  const { test, cli, folder } = stack;
  const atFirst = new Set(inventory(test).keys());
  let seen = 0;
  let missing: readonly string[] = [];
  const setSecrets = async () => {
    await makeSecrets(stack.engine.stack, missing);
    missing = [];
  };
  return {
    ...test,
    get engine() {
      return stack.engine;
    },
    switchTo: (plugin) => stack.use(plugin),
    cli,
    folder,
    configure(settings) {
      missing = stack.configure(settings);
    },
    async up(signal) {
      await setSecrets();
      return observe((streams) => stack.engine.stack.up({ ...streams, ...(signal && { signal }) }));
    },
    async preview() {
      await setSecrets();
      return observe((streams) => stack.engine.stack.preview(streams));
    },
    refresh: () => observe((streams) => stack.engine.stack.refresh(streams)),
    destroy: () => observe((streams) => stack.engine.stack.destroy(streams)),
    made: () => [...inventory(test)].flatMap(([id, what]) => (atFirst.has(id) ? [] : [what])).toSorted(),
    writes() {
      const all = test.tenant.context.log.list(({ path }) => path.startsWith("/api/v2/"));
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh
        .filter(({ method }) => method !== "GET")
        .map(({ method, path, status }) => `${method} ${path.slice("/api/v2".length)} ${status}`);
    },
    close,
  };
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
    await operation({ onOutput: print, onError: print, onEvent, color: "never" });
  } catch (error) {
    throw new Error(`${printed}\n${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return { changed: [...changed].toSorted(), counts, printed };
}
