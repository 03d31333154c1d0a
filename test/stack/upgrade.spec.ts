import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import program from "../../index.ts";
import { runWithMocks } from "../support/pulumi-mocks.ts";

interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly inputs: Record<string, unknown>;
}

/** What the program of 0.1.0 registered for `configuration`, the Action's code left out. */
const recorded = JSON.parse(
  readFileSync(new URL("./release-0.1.0.json", import.meta.url), "utf8"),
) as Recorded[];

/**
 * A configuration of 0.1.0; a new value of `connectionName` or a further application would change nothing
 * here.
 */
const configuration = {
  connectionName: "entra",
  azureNestedGroups: true,
  groupPolicy: { include: ["XYZ-*"], stripPrefix: "XYZ-" },
  applications: [
    {
      name: "admin-portal",
      displayName: "XYZ Admin Portal",
      callbacks: ["http://localhost:8000/oidc/callback/"],
      logoutUrls: ["http://localhost:8000/"],
    },
    {
      name: "reports",
      callbacks: ["https://reports.xyz.example/callback"],
      logoutUrls: [],
      webOrigins: ["https://reports.xyz.example"],
      groupPolicy: { include: ["XYZ-Reports-*"] },
      groupsRequired: true,
    },
  ],
  postLoginAfter: [{ actionId: "a-3", displayName: "Audit" }],
};

const short = {
  azureTenantDomain: undefined,
  azureClientId: undefined,
  azureDomainAliases: undefined,
  azureNestedGroups: undefined,
  connectionName: undefined,
};
const listed = {
  ...configuration,
  ...short,
  directories: [
    {
      name: "xyz",
      connectionName: "entra",
      tenantDomain: "xyz.onmicrosoft.com",
      clientId: "00000000-0000-4000-8000-000000000000",
      domainAliases: ["xyz.example"],
      nestedGroups: true,
    },
  ],
};

async function registered(changes: Record<string, unknown>): Promise<Map<string, Recorded>> {
  const { resources } = await runWithMocks(program, changes);
  return new Map(
    resources.map(({ type, name, inputs, options }) => {
      return [`${type} ${name}`, { type, name, parent: options.parent, inputs: without(inputs, "code") }];
    }),
  );
}

function without(inputs: Readonly<Record<string, unknown>>, left: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== left));
}

describe("a stack of 0.1.0", () => {
  it("keeps each resource under its name, with the inputs that docs/upgrading.md does not name", async () => {
    const today = await registered({
      ...configuration,
      applications: configuration.applications.map((application) => ({
        ...application,
        refreshTokens: true,
      })),
    });
    for (const before of recorded) {
      const now = today.get(`${before.type} ${before.name}`);
      assert.deepEqual(now, before, `${before.type} ${before.name}`);
      today.delete(`${before.type} ${before.name}`);
    }
    assert.deepEqual([...today.keys()], ["auth0:index/triggerAction:TriggerAction login-flow-binding"]);
  });

  it("takes refresh tokens from applications that do not ask for them, and changes nothing else of them", async () => {
    const today = await registered(configuration);
    const type = "auth0:index/client:Client";
    for (const { name, inputs } of recorded.filter((resource) => resource.type === type)) {
      if (name === "groups-reader-client") continue;
      assert.deepEqual(today.get(`${type} ${name}`)?.inputs, {
        ...without(inputs, "refreshToken"),
        grantTypes: ["authorization_code"],
      });
    }
  });

  it("moves to the list of directories with the same resources and inputs, whatever its connection is called", async () => {
    assert.deepEqual(await registered(listed), await registered(configuration));
  });
});
