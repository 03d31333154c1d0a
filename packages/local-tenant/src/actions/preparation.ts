import { packagesFolder } from "../lib/cache-folder.ts";
import { projectFolder as ownProject, resolveDependencies } from "./dependencies.ts";
import { planLaunch } from "./launch.ts";
import type { ResolvedPackages } from "./packages.ts";
import { findActionNode } from "./node.ts";
import type { ActionNode } from "./node.ts";
import type { InstanceSpec } from "./pool.ts";
import type { ActionRunnerOptions, DeployedAction } from "./types.ts";

const DEFAULT_MEMORY_MB = 256;
const MAX_SPECS = 500;
const NO_PACKAGES: ResolvedPackages = { from: {}, readable: [] };

/** Prepares what an Action needs before it can run: a Node.js and its packages. */
export class Preparation {
  readonly #options: ActionRunnerOptions;
  #node: Promise<ActionNode> | undefined;
  /** By Action and version, so that nothing is looked up twice. */
  readonly #specs = new Map<string, { readonly packages: ResolvedPackages; readonly spec: InstanceSpec }>();
  readonly #compared = new Set<string>();
  readonly #resolved = new Map<string, Promise<{ packages: ResolvedPackages; notes: string[] }>>();

  constructor(options: ActionRunnerOptions) {
    this.#options = options;
  }

  /** Adds to `warnings` what differs from production. */
  async prepare(action: DeployedAction, warnings: string[]): Promise<InstanceSpec> {
    this.#compareRuntime(action, await this.#findNode(), warnings);
    return this.prepareAhead(action, warnings);
  }

  /** The same for a sign-in that is about to come, to which what is said once is said then. */
  async prepareAhead(action: DeployedAction, warnings: string[] = []): Promise<InstanceSpec> {
    const { memoryMb = DEFAULT_MEMORY_MB } = this.#options;
    const node = await this.#findNode();
    const packages = await this.#packages(action, warnings);
    const key = `${action.id} ${action.versionId}`;
    const known = this.#specs.get(key);
    const { load } = known?.spec ?? {};
    if (known?.packages === packages && load?.code === action.code && load.name === action.name)
      return known.spec;
    const spec: InstanceSpec = {
      actionId: action.id,
      versionId: action.versionId,
      plan: planLaunch({ node, readable: packages.readable, memoryMb }),
      load: {
        type: "load",
        name: action.name,
        code: action.code,
        packages: packages.from,
        authority: this.#options.ca,
      },
    };
    if (this.#specs.size >= MAX_SPECS) this.#specs.clear();
    this.#specs.set(key, { packages, spec });
    return spec;
  }

  #findNode(): Promise<ActionNode> {
    this.#node ??= findActionNode(this.#options.node);
    return this.#node;
  }

  /**
   * Warns once for each runtime and not at every sign-in, because nothing about it changes while the tenant
   * runs.
   */
  #compareRuntime({ runtime }: DeployedAction, node: ActionNode, warnings: string[]): void {
    if (runtime === `node${node.major}` || this.#compared.has(runtime)) return;
    this.#compared.add(runtime);
    const wanted = runtime.replace(/^node(\d+).*$/, "Node.js $1");
    warnings.push(
      `Actions run on Node.js ${node.version} here and on ${wanted} at Auth0 (said once). To run them on that version, install it and set ` +
        "ACTION_NODE to the path of its node.",
    );
  }

  /** Prepared once for each version of an Action; every run gets its warnings. */
  async #packages(action: DeployedAction, warnings: string[]): Promise<ResolvedPackages> {
    if (action.dependencies.length === 0) return NO_PACKAGES;
    const key = JSON.stringify(action.dependencies);
    const known = this.#resolved.get(key) ?? this.#resolve(action);
    this.#resolved.set(key, known);
    try {
      const { packages, notes } = await known;
      warnings.push(...notes);
      return packages;
    } catch (error) {
      // The next sign-in may find the network again.
      this.#resolved.delete(key);
      throw error;
    }
  }

  async #resolve({ dependencies }: DeployedAction): Promise<{ packages: ResolvedPackages; notes: string[] }> {
    const { projectFolder = ownProject(), cacheFolder = packagesFolder(process.env) } = this.#options;
    const notes: string[] = [];
    return {
      packages: await resolveDependencies(dependencies, { projectFolder, cacheFolder }, notes),
      notes,
    };
  }
}
