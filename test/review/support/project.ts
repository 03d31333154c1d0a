import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";
import { CHECKOUT, putSample } from "../../support/sample.ts";

/** Values of a stack's file by key without namespace. */
export type Config = Readonly<Record<string, unknown>>;

/** An application of the sample company, with values changed. */
export function applicationWith(name: string, changes: Config = {}): Config {
  return {
    name,
    displayName: `XYZ ${name}`,
    callbacks: [`https://${name}.xyz.example/callback`],
    logoutUrls: [`https://${name}.xyz.example/`],
    ...changes,
  };
}

const CLIENT_ID = "00000000-0000-4000-8000-000000000000";
const first = {
  name: "xyz",
  connectionName: "azure-ad",
  tenantDomain: "xyz.onmicrosoft.com",
  clientId: CLIENT_ID,
};
const partner = { name: "partner", tenantDomain: "partner.onmicrosoft.com", clientId: CLIENT_ID };

/** Three applications that are unlike each other, for the sample company and its partner. */
export const SAMPLE_CONFIG: Config = {
  groupsClaim: "https://xyz.example/claims/groups",
  directories: [
    { ...first, nestedGroups: true },
    { ...partner, groupPolicy: { include: ["NW-*"] } },
  ],
  applications: [
    applicationWith("portal"),
    applicationWith("wiki", {
      groupPolicy: { include: ["SG-APP-Wiki-*"], stripPrefix: "SG-APP-Wiki-" },
      groupsRequired: true,
    }),
    applicationWith("joint", { directories: ["xyz", "partner"], groupPolicy: { maxCount: 2 } }),
  ],
};

/**
 * Runs `body` with a project's folder: this checkout's program, with this configuration as the stack `dev`,
 * and the sample company's employees.
 */
export function withProject<T>(config: Config, body: (root: string) => Promise<T>): Promise<T> {
  return withTemporaryFolder((root) => {
    putSample(root);
    for (const name of ["index.ts", "package.json", "node_modules"]) {
      symlinkSync(join(CHECKOUT, name), join(root, name));
    }
    configure(root, config);
    return body(root);
  });
}

/** Writes the file of a project's stack. */
export function configure(root: string, config: Config, stack = "dev"): void {
  const values = Object.entries(config).map(([key, value]) => [`workforce-sso:${key}`, value]);
  writeFileSync(
    join(root, `Pulumi.${stack}.yaml`),
    stringify({ config: Object.fromEntries(values) as unknown }),
  );
}
