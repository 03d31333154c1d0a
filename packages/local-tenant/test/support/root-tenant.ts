import type { TlsMaterial } from "../../src/lib/tls.ts";
import type { RunningTenant } from "../../src/running-tenant.ts";

/*
 * The tenant that those of the specs are forks of: its signing keys, certificate and routes take longer to
 * make than all the rest of a start. Mocha loads this before the specs, and the tenant only when one is
 * wanted.
 */
let root: Promise<RunningTenant> | undefined;
let tls: Promise<TlsMaterial> | undefined;

/** One for all specs of this process. Nobody changes it. */
export function rootTenant(): Promise<RunningTenant> {
  root ??= start();
  return root;
}

/** The certificate of the test tenants: nothing depends on which one a test has. */
export function testTls(): Promise<TlsMaterial> {
  tls ??= import("../../src/lib/tls.ts").then(({ createTls }) => createTls());
  return tls;
}

async function start(): Promise<RunningTenant> {
  const [{ loadDirectory, SAMPLE_DIRECTORY }, { startTenant }] = await Promise.all([
    import("../../src/directory/directory.ts"),
    import("../../src/tenant.ts"),
  ]);
  return startTenant({ directory: loadDirectory(SAMPLE_DIRECTORY), tls: await testTls() });
}

export const mochaHooks = {
  async afterAll() {
    // A worker runs further files, each with these hooks; its end is that of the tenant.
    if (process.env["MOCHA_WORKER_ID"] !== undefined) return;
    await (await root)?.close();
    root = undefined;
  },
};
