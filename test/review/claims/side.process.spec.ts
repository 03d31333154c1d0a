import assert from "node:assert/strict";
import { join } from "node:path";
import { loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import { payloadOf, Agent, answerOf } from "../../../packages/local-tenant/test/support/oauth.ts";
import { startTestTenant } from "../../../packages/local-tenant/test/support/tenant.ts";
import { UNREACHABLE } from "../../../review/claims/evaluate.ts";
import { compareRows } from "../../../review/claims/model.ts";
import type { ClaimsHead, ClaimsRow } from "../../../review/claims/model.ts";
import { deployProgram } from "../../../review/claims/program.ts";
import { openSide } from "../../../review/claims/side.ts";
import { collect } from "../support/side.ts";
import { applicationWith, SAMPLE_CONFIG, withProject } from "../support/project.ts";
import type { Config } from "../support/project.ts";

const CLAIM = "https://xyz.example/claims/groups";

describe("the claims of a program", function () {
  this.timeout(120_000);

  it("are those of sign-ins over HTTP, with tokens of the same length", async () => {
    await withProject(SAMPLE_CONFIG, async (root) => {
      const { rows } = await claimsOf(root);
      const directory = loadDirectory(join(root, "local", "directory.json"));
      const test = await startTestTenant({ directory });
      try {
        const { domain, store } = test.tenant.context;
        const tenant = { domain, ...store.deployer, ca: test.tenant.ca };
        const { outputs } = await deployProgram({ root, file: "Pulumi.dev.yaml", tenant });
        // Every third, so that each application, directory and outcome is among them.
        const sample = rows.filter(({ connection }, index) => connection !== "" && index % 3 === 0);
        for (const row of sample) assert.deepEqual(await signIn(row), expectedOf(row), row.person);
        assert.ok(new Set(sample.map(({ outcome }) => outcome)).size > 1);

        async function signIn(row: ClaimsRow): Promise<Expected> {
          const clientIds = outputs["clientIds"] as Record<string, string>;
          const client = store.tables.clients.get(clientIds[row.application] ?? "");
          const connection = store.tables.connections.find(({ name }) => name === row.connection);
          assert.ok(client && connection);
          const target = {
            client: { ...client, client_secret: client.client_secret ?? "" },
            connection,
            redirectUri: client.callbacks?.[0] ?? "",
          };
          const agent = new Agent(test);
          const nonce = "n".repeat(22);
          const answer = answerOf(await agent.signIn(target, { employee: row.person, nonce }));
          if (answer["code"] === undefined) return { reason: answer["error_description"] };
          const tokens = (await agent.exchange(target, answer["code"])).json<Record<string, string>>();
          const claims = payloadOf(tokens["id_token"]);
          return {
            groups: claims[CLAIM] ?? [],
            sub: claims["sub"],
            idTokenBytes: tokens["id_token"]?.length,
            accessTokenBytes: tokens["access_token"]?.length,
          };
        }
      } finally {
        await test.close();
      }
    });
  });

  it("say who reaches what, by which connection, and why not, in the order that two sides are merged in", async () => {
    await withProject(SAMPLE_CONFIG, async (root) => {
      const { head, rows } = await claimsOf(root);
      assert.deepEqual(rows, rows.toSorted(compareRows));
      assert.deepEqual(head.applications, ["joint", "portal", "wiki"]);
      assert.deepEqual(head.directory.names, ["xyz.example", "partner.onmicrosoft.com"]);
      assert.equal(rows.length, 3 * head.directory.people);
      const row = rowFinder(rows);
      const ada = row("wiki", "ada.lindqvist@xyz.example");
      assert.deepEqual(
        [ada.outcome, ada.groups, ada.marks, ada.source],
        ["signed-in", ["Readers", "Writers"], [], "event"],
      );
      assert.ok(ada.directoryGroups.includes("SG-APP-Wiki-Writers"));
      assert.ok(ada.directoryGroups.includes("Engineering"), "nested groups");
      const joint = row("joint", "ada.lindqvist@xyz.example");
      assert.deepEqual([joint.groups.length, joint.marks], [2, ["capped"]]);
      const noor = row("wiki", "noor.hassan@xyz.example");
      assert.deepEqual([noor.outcome, noor.marks, noor.groups], ["denied", ["filtered"], []]);
      assert.match(noor.reason ?? "", /needs directory groups/);
      assert.deepEqual([noor.idTokenBytes, noor.accessTokenBytes], [0, 0]);
      const ines = row("portal", "ines.moreau@partner.example");
      assert.deepEqual([ines.outcome, ines.connection, ines.reason], ["denied", "", UNREACHABLE]);
      const partner = row("joint", "ines.moreau@partner.example");
      assert.deepEqual([partner.connection, partner.groups], ["partner", ["NW-Project-Leads"]]);
      assert.deepEqual(row("joint", "malin.sandstrom@partner.example").groups, ["NW-Everybody"]);
      assert.deepEqual(row("portal", "paula.grande@xyz.example").marks, ["capped", "large-profile"]);
    });
  });

  it("read access tokens for an API where those alone carry the groups", async () => {
    const config = { ...SAMPLE_CONFIG, tokens: ["access"], applications: [applicationWith("portal")] };
    await withProject(config, async (root) => {
      const { head, rows } = await claimsOf(root);
      const ada = rowFinder(rows)("portal", "ada.lindqvist@xyz.example");
      assert.ok(ada.groups.includes("Platform Engineers"));
      assert.ok(ada.accessTokenBytes > 600, "a JWT, not an opaque token");
      assert.match(head.notIn.join(" "), /access tokens are for https:\/\/api\.example\//);
    });
  });

  it("need no passphrase, and no Action of the real tenant", async () => {
    const config: Config = {
      ...SAMPLE_CONFIG,
      azureClientSecret: { secure: "AAABAnotours" },
      postLoginBefore: [{ actionId: "0fe2a1d2-6a41-4f39-9c5c-0a56a4ef1c9b", displayName: "Audit" }],
    };
    await withProject(config, async (root) => {
      const { rows } = await claimsOf(root);
      assert.equal(rowFinder(rows)("portal", "ada.lindqvist@xyz.example").outcome, "signed-in");
    });
  });

  it("are not made of a configuration with faults, which are all told", async () => {
    const config = { ...SAMPLE_CONFIG, groupsClaim: "groups", tokens: ["cookie"] };
    await withProject(config, async (root) => {
      await assert.rejects(claimsOf(root), /groupsClaim[^]*tokens/);
    });
  });
});

async function claimsOf(root: string): Promise<{ head: ClaimsHead; rows: ClaimsRow[] }> {
  const file = join(root, "local", "directory.json");
  const side = await openSide({ root, stack: "dev", directory: { file, name: "local/directory.json" } });
  try {
    return { head: side.head, rows: await collect(side.rows) };
  } finally {
    await side.close();
  }
}

function rowFinder(rows: readonly ClaimsRow[]): (application: string, person: string) => ClaimsRow {
  return (application, person) => {
    const found = rows.find((row) => row.application === application && row.person === person);
    assert.ok(found, `${person} at ${application}`);
    return found;
  };
}

type Expected = Readonly<Record<string, unknown>>;

function expectedOf({ outcome, reason, groups, sub, idTokenBytes, accessTokenBytes }: ClaimsRow): Expected {
  return outcome === "signed-in" ? { groups, sub, idTokenBytes, accessTokenBytes } : { reason };
}
