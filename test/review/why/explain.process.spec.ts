import assert from "node:assert/strict";
import { join } from "node:path";
import { loadDirectory } from "../../../packages/local-tenant/src/index.ts";
import { openSide } from "../../../review/claims/side.ts";
import type { ActionModel } from "../../../review/claims/action-model.ts";
import type { ClaimsRow } from "../../../review/claims/model.ts";
import { explainerOf } from "../../../review/why/explain.ts";
import type { Explanation } from "../../../review/why/explain.ts";
import { applicationWith, SAMPLE_CONFIG, withProject } from "../support/project.ts";
import type { Config } from "../support/project.ts";
import { collect } from "../support/side.ts";

/** The id of a group of the sample directory. */
const ID_OF_VPN = (directory: ReturnType<typeof loadDirectory>) =>
  directory.groups.find(({ name }) => name === "SG-VPN")?.id ?? "";

describe("the explanation of a token", function () {
  this.timeout(120_000);

  for (const source of ["event", "directory-sync", "management-api"]) {
    it(`has exactly the groups that everybody's token has from ${source}`, async () => {
      const [xyz, ...others] = SAMPLE_CONFIG["directories"] as Config[];
      const directories = [{ ...xyz, maxGroups: 250 }, ...others];
      const config = { ...SAMPLE_CONFIG, groupSources: [source], directories };
      await withProject(config, async (root) => {
        const { rows, explained } = await explainAll(root);
        for (const [index, row] of rows.entries()) assertSame(explained[index], row);
        const verdicts = new Set(explained.flatMap(({ groups }) => groups.map(({ verdict }) => verdict)));
        assert.deepEqual([...verdicts].sort(), ["cut", "in", "kept-out", "unread"]);
      });
    });
  }

  it("says what no pattern decides: nesting, maxGroups, and a directory whose groups are not read", async () => {
    const [xyz, partner] = SAMPLE_CONFIG["directories"] as Config[];
    const directories = [
      { ...xyz, nestedGroups: false, maxGroups: 2 },
      { name: partner?.["name"], tenantDomain: partner?.["tenantDomain"], clientId: partner?.["clientId"] },
    ];
    const applications = [applicationWith("portal", { directories: ["xyz", "partner"] })];
    await withProject({ ...SAMPLE_CONFIG, directories, applications }, async (root) => {
      const { explained } = await explainAll(root);
      const steps = stepsFinder(explained);
      const ada = "ada.lindqvist@xyz.example";
      assert.match(steps(ada, "Engineering"), /a group of a group.*nestedGroups/);
      assert.match(steps(ada, "SG-VPN"), /asks for 2 groups at most \(maxGroups\)/);
      assert.match(steps(ada, "Platform Engineers"), /No policy keeps it out/);
      assert.match(steps("malin.sandstrom@partner.example", "NW-Everybody"), /enrichedConnections/);
    });
  });

  it("speaks of groups by their ids where the policies do, and of who is kept out without groups", async () => {
    await withProject(SAMPLE_CONFIG, async (root) => {
      const id = ID_OF_VPN(loadDirectory(join(root, "local", "directory.json")));
      return withProject(
        {
          ...SAMPLE_CONFIG,
          groupPolicy: { identifier: "id", include: [id], rename: { [id]: "vpn" } },
          directories: (SAMPLE_CONFIG["directories"] as Config[]).slice(0, 1),
          applications: [applicationWith("portal", { groupsRequired: true })],
        },
        async (other) => {
          const { explained } = await explainAll(other);
          const of = (person: string) => explained.find((each) => each.person === person);
          const vpn = of("ada.lindqvist@xyz.example")?.groups.find(({ group }) => group === "SG-VPN");
          assert.deepEqual([vpn?.id, vpn?.name, vpn?.inToken], [id, "vpn", true]);
          const kept = of("noor.hassan@xyz.example");
          assert.equal(kept?.outcome, "denied");
          assert.match(kept?.facts.join(" ") ?? "", /Who has no group is not let in/);
          assert.match(of("malin.sandstrom@partner.example")?.reason ?? "", /No connection/);
        },
      );
    });
  });

  it("goes by the settings of the deployed code", async () => {
    await withProject({ ...SAMPLE_CONFIG, groupsMaxAgeMinutes: 60 }, async (root) => {
      const { model } = await explainAll(root);
      assert.equal(model?.settings.groupsMaxAgeMinutes, 60);
      assert.deepEqual(model?.settings.directoryPolicies, { partner: { include: ["NW-*"] } });
      assert.deepEqual(model?.applications["wiki"]?.groupPolicy?.include, ["SG-APP-Wiki-*"]);
      assert.deepEqual(model?.connections["azure-ad"], { groups: true, nested: true, most: 0 });
    });
  });
});

async function explainAll(
  root: string,
): Promise<{ rows: ClaimsRow[]; explained: Explanation[]; model: ActionModel | undefined }> {
  const file = join(root, "local", "directory.json");
  const side = await openSide({ root, stack: "dev", directory: { file, name: "local/directory.json" } });
  try {
    const rows = await collect(side.rows);
    return { rows, explained: rows.map(explainerOf(side.model, loadDirectory(file))), model: side.model };
  } finally {
    await side.close();
  }
}

/** Of those who are not signed in, nothing was let through either: they are kept out for want of groups. */
function assertSame(explanation: Explanation | undefined, row: ClaimsRow): void {
  assert.ok(explanation);
  const named = (groups: Explanation["groups"]) => [...new Set(groups.map(({ name }) => name))].sort();
  const who = `${row.person} at ${row.application}`;
  assert.deepEqual(named(explanation.groups.filter(({ inToken }) => inToken)), row.groups, who);
  assert.deepEqual(named(explanation.groups.filter(({ verdict }) => verdict === "in")), row.groups, who);
  assert.deepEqual(explanation.unexplained, [], who);
  assert.ok(explanation.groups.every(({ steps }) => steps.length > 0));
}

/** Finds the steps of a person's group. */
function stepsFinder(explained: readonly Explanation[]): (person: string, group: string) => string {
  return (person, group) => {
    const own = explained.find((each) => each.person === person)?.groups.find((each) => each.group === group);
    assert.ok(own, `${person} has no ${group}`);
    return own.steps.join(" ");
  };
}
