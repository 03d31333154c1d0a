import { join } from "node:path";
import { cliAtHand } from "../../../local/pulumi/cli/ladder.ts";
import { silent } from "../../../local/pulumi/cli/reporter.ts";
import { localConfig } from "../../../local/pulumi/engine/config.ts";
import { openEngine } from "../../../local/pulumi/engine/engine.ts";
import type { Engine } from "../../../local/pulumi/engine/engine.ts";
import { choosePlugin } from "../../../local/pulumi/engine/plugin.ts";
import { caFile, loadTls } from "../../../packages/local-tenant/src/lib/tls.ts";
import { startTestTenant } from "../../../packages/local-tenant/test/support/tenant.ts";
import type { RequestRecord } from "../../../packages/local-tenant/src/sessions/request-log.ts";
import program from "../../../index.ts";
import { sampleProject } from "../../support/sample.ts";

/** What deploys, for those who read the figures. */
export interface Tools {
  readonly cli: string;
  readonly provider: string;
}

/** The sample company's stack on a tenant of its own, not deployed yet. */
export interface StackUnderTest {
  readonly tools: Tools;
  readonly engine: Engine;
  /** The requests since the last call. */
  requests(): RequestRecord[];
  close(): Promise<void>;
}

/** Opens a new stack in `folder`; `undefined` where there is no CLI at hand. */
export async function openStack(folder: string): Promise<StackUnderTest | undefined> {
  const { env } = process;
  const cli = await cliAtHand({ env, reporter: silent });
  if (cli === undefined) return undefined;
  const plugin = await choosePlugin({ cli, env, reporter: silent, download: false });
  const tls = join(folder, "tls");
  const test = await startTestTenant({ tls: await loadTls(tls) });
  const { context } = test.tenant;
  const root = sampleProject();
  const engine = await openEngine({
    cli,
    plugin,
    root,
    folder: join(folder, "pulumi"),
    program,
    config: localConfig(root, { domain: context.domain }),
    tenant: { domain: context.domain, ...context.store.deployer, ca: test.tenant.ca, caFile: caFile(tls) },
    env,
  });
  return {
    tools: {
      cli: `pulumi ${cli.version}`,
      provider: plugin.kind === "plugin" ? `auth0 ${plugin.version}` : "the stand-in",
    },
    engine,
    requests() {
      const requests = context.log.list();
      context.log.clear();
      return requests;
    },
    async close() {
      engine.close();
      await test.close();
    },
  };
}
