import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { Cli } from "../../local/pulumi/cli/probe.ts";
import { localConfig } from "../../local/pulumi/engine/config.ts";
import { openEngine } from "../../local/pulumi/engine/engine.ts";
import type { Engine } from "../../local/pulumi/engine/engine.ts";
import { workspacePaths } from "../../local/pulumi/engine/paths.ts";
import type { Plugin } from "../../local/pulumi/engine/plugin.ts";
import { prepareWorkspace } from "../../local/pulumi/engine/workspace.ts";
import { caFile } from "../../packages/local-tenant/src/lib/tls.ts";
import { startTestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import type { TestTenant } from "../../packages/local-tenant/test/support/tenant.ts";
import { sampleProject } from "./sample.ts";

/** Keys of the project's configuration without namespace, and their values. */
export type Settings = Readonly<Record<string, unknown>>;

/** The Pulumi folder of a stack that has not been deployed yet. */
let fresh: string | undefined;

/** A stack of the real engine's on a tenant of its own. */
export class TestStack {
  readonly cli: Cli;
  /** Has the Pulumi folder, and what else belongs to this stack. */
  readonly folder: string;
  readonly test: TestTenant;
  /** What the engine runs. */
  program: PulumiFn;
  #engine: Engine | undefined;
  readonly #root = sampleProject();

  private constructor(cli: Cli, folder: string, test: TestTenant, program: PulumiFn) {
    this.cli = cli;
    this.folder = folder;
    this.test = test;
    this.program = program;
  }

  /** Starts the tenant, and opens a stack on it with this provider. */
  static async open(cli: Cli, plugin: Plugin, program: PulumiFn): Promise<TestStack> {
    const folder = mkdtempSync(join(tmpdir(), "workforce-sso-"));
    const test = await startTestTenant();
    const stack = new TestStack(cli, folder, test, program);
    mkdirSync(join(folder, "tls"));
    writeFileSync(caFile(join(folder, "tls")), test.tenant.ca);
    const paths = workspacePaths(join(folder, "pulumi"));
    if (fresh !== undefined) cpSync(fresh, paths.folder, { recursive: true });
    await stack.use(plugin);
    if (fresh === undefined) keepFresh(paths.folder);
    return stack;
  }

  get engine(): Engine {
    if (this.#engine === undefined) throw new Error("The stack has not been opened.");
    return this.#engine;
  }

  /** Opens the stack, or opens it once more with another provider. */
  async use(plugin: Plugin): Promise<void> {
    this.#engine?.close();
    const { domain, store } = this.test.tenant.context;
    const home = join(this.folder, "home");
    this.#engine = await openEngine({
      cli: this.cli,
      plugin,
      root: this.#root,
      folder: join(this.folder, "pulumi"),
      program: () => this.program(),
      config: this.#config({}),
      tenant: {
        domain,
        ...store.deployer,
        ca: this.test.tenant.ca,
        caFile: caFile(join(this.folder, "tls")),
      },
      // What the CLI keeps in its home has no place in the person's, but that is where a plugin may be.
      env: {
        ...process.env,
        ...LESS_WORK,
        ...(plugin.kind === "stand-in" && { PULUMI_HOME: home }),
      },
    });
  }

  /** Gives the stack this configuration on top of the local one. @returns the secrets that are missing. */
  configure(settings: Settings): readonly string[] {
    const paths = workspacePaths(join(this.folder, "pulumi"));
    return prepareWorkspace(this.#root, paths, this.#config(settings)).missingSecrets;
  }

  /** Makes tenant and stack what they were at first. */
  reset(program: PulumiFn): void {
    this.program = program;
    this.test.tenant.reset();
    rmSync(join(this.folder, "pulumi"), { recursive: true });
    cpSync(fresh ?? "", join(this.folder, "pulumi"), { recursive: true });
    this.configure({});
  }

  async close(): Promise<void> {
    this.#engine?.close();
    await this.test.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #config(settings: Settings): Settings {
    return {
      ...localConfig(this.#root, { domain: this.test.tenant.context.domain }),
      ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`workforce-sso:${key}`, value])),
    };
  }
}

/** The CLI lives for a second and needs little memory: let its runtime collect none of it. */
const LESS_WORK = { GOGC: "off" };

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
