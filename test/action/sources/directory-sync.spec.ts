import assert from "node:assert/strict";
import type { SyncedGroup, SyncedGroupsPage } from "../../../action/types.ts";
import { eventWithoutGroups, loadAction, settings } from "../support/bundled-action.ts";

const claim = settings.groupsClaim;
const sync = { groupSources: ["event", "directory-sync"] } as const;
/** Of the connection that the employee signs in with. */
const connection_id = "con_azure";

describe("groups by directory sync", () => {
  it("are read page by page", async () => {
    const asked: unknown[] = [];
    const pages: SyncedGroupsPage[] = [
      { groups: [{ id: "grp_1", name: "One", connection_id }], next: "second" },
      { groups: [{ id: "grp_2", name: "Two", connection_id }], next: "third" },
      { groups: [{ id: "grp_3", name: "Three", connection_id }] },
    ];
    const run = await loadAction(sync).run(eventWithoutGroups, {
      getUserGroups: async (page) => {
        asked.push(page);
        return pages[asked.length - 1] ?? {};
      },
    });
    assert.deepEqual(asked, [{ take: 100 }, { take: 100, from: "second" }, { take: 100, from: "third" }]);
    assert.deepEqual(run.idToken, { [claim]: ["One", "Three", "Two"] });
    assert.match(run.lines[0] ?? "", /source=directory-sync groups=3 ms=\d+ outcome=ok$/);
  });

  it("are given as the directory's ids, never as Auth0's", async () => {
    const groups = [
      { id: "grp_1", name: "One", external_id: "entra-1", connection_id },
      { id: "grp_2", name: "Two", connection_id },
      { id: "grp_3", name: "Three", external_id: null, connection_id } as unknown as SyncedGroup,
    ];
    const run = await loadAction({ ...sync, groupPolicy: { identifier: "id" } }).run(eventWithoutGroups, {
      getUserGroups: async () => ({ groups }),
    });
    assert.deepEqual(run.idToken, { [claim]: ["entra-1"] });
  });

  it("are left out when another connection synced them, or none did", async () => {
    const groups = [
      { name: "Ours", connection_id },
      { name: "Theirs", connection_id: "con_other" },
      { name: "The tenant's" },
      { name: "An organization's", connection_id: null } as unknown as SyncedGroup,
      { name: "Nobody's", connection_id: "" },
    ];
    const run = await loadAction(sync).run(eventWithoutGroups, { getUserGroups: async () => ({ groups }) });
    assert.deepEqual(run.idToken, { [claim]: ["Ours"] });
  });

  for (const id of [undefined, null, "", 7]) {
    it(`are left out at a connection whose id is ${JSON.stringify(id)}`, async () => {
      const groups = [{ name: "Tenant" }, { name: "Same", connection_id: id }] as SyncedGroup[];
      // SAFETY: what no version of Auth0 sends.
      const connection = { name: "azure-ad", id } as { name: string; id: string };
      const run = await loadAction(sync).run(
        { ...eventWithoutGroups, connection },
        { getUserGroups: async () => ({ groups }) },
      );
      assert.deepEqual(run.idToken, {});
      assert.match(run.lines[0] ?? "", /outcome=missing$/);
    });
  }

  it("are not taken in part when a page fails", async () => {
    const run = await loadAction(sync).run(eventWithoutGroups, {
      getUserGroups: async (page) => {
        if (page?.from) throw new Error("ada@xyz.example has too many groups");
        return { groups: [{ name: "One", connection_id }], next: "second" };
      },
    });
    assert.deepEqual(run.idToken, {});
    assert.match(run.lines[0] ?? "", /^workforce-sso source=none groups=0 ms=\d+ outcome=sync-error$/);
  });

  it("are given up when the pages never end", async () => {
    const run = await loadAction(sync).run(eventWithoutGroups, {
      getUserGroups: async () => ({ groups: [{ name: "One", connection_id }], next: "again" }),
    });
    assert.match(run.lines[0] ?? "", /outcome=sync-error$/);
  });

  it("are read up to 50 pages", async () => {
    const run = async (pages: number) => {
      let asked = 0;
      const { lines } = await loadAction(sync).run(eventWithoutGroups, {
        getUserGroups: async () => {
          asked += 1;
          const next = asked < pages ? { next: `page-${asked}` } : {};
          return { groups: [{ name: `Group ${asked}`, connection_id }], ...next };
        },
      });
      return [asked, lines.join()] as const;
    };
    const [all, most] = [await run(50), await run(51)];
    assert.equal(all[0], 50);
    assert.match(all[1], /groups=50 .* outcome=ok$/);
    assert.equal(most[0], 50);
    assert.match(most[1], /outcome=sync-error$/);
  });

  it("are not asked for any more once the deadline has passed", async () => {
    let asked = 0;
    const late: ((page: SyncedGroupsPage) => void)[] = [];
    const run = await loadAction({ ...sync, managementApiTimeoutMs: 50 }).run(eventWithoutGroups, {
      getUserGroups: () => {
        asked += 1;
        return new Promise((resolve) => late.push(resolve));
      },
    });
    assert.match(run.lines[0] ?? "", /outcome=timeout$/);
    // The answer comes after all, and says that there is more.
    for (const answer of late) answer({ groups: [{ name: "One", connection_id }], next: "second" });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked, 1);
  });

  it("are unreadable when one page of several is no list", async () => {
    const run = await loadAction(sync).run(eventWithoutGroups, {
      getUserGroups: async (page) => {
        const group = { name: "One", connection_id };
        // SAFETY: what no version of Auth0 answers.
        return page?.from
          ? ({ groups: group } as unknown as SyncedGroupsPage)
          : { groups: [group], next: "second" };
      },
    });
    assert.match(run.lines[0] ?? "", /outcome=unreadable$/);
  });

  for (const [what, getUserGroups] of Object.entries({
    "throws at once": (): never => {
      throw new Error("ada@xyz.example");
    },
    "answers nothing": async (): Promise<undefined> => undefined,
    "answers without groups": async (): Promise<object> => ({}),
  })) {
    it(`are a sync-error when Auth0 ${what}`, async () => {
      // SAFETY: what no version of Auth0 answers.
      const own = { getUserGroups: getUserGroups as unknown as () => Promise<SyncedGroupsPage> };
      const run = await loadAction(sync).run(eventWithoutGroups, own);
      assert.match(run.lines.join(), /^workforce-sso source=none groups=0 ms=\d+ outcome=sync-error$/);
    });
  }

  it("are missing where the runtime has no such API", async () => {
    for (const groups of [undefined, {}]) {
      const run = await loadAction(sync).run(eventWithoutGroups, { api: { groups } });
      assert.match(run.lines[0] ?? "", /outcome=missing$/);
    }
  });

  for (const [what, groups] of Object.entries({
    "a number": 7,
    "a text": "One",
    "one group": { name: "One", connection_id },
    "a list with a text": ["One", { name: "Two", connection_id }],
    "a list with null": [null],
    "a group whose name is a number": [{ name: 7, connection_id }],
    "a group whose name is a list": [{ name: ["Admins"], connection_id }],
  })) {
    it(`are unreadable as ${what}`, async () => {
      // SAFETY: what no version of Auth0 answers.
      const page = { groups } as unknown as SyncedGroupsPage;
      const run = await loadAction(sync).run(eventWithoutGroups, { getUserGroups: async () => page });
      assert.deepEqual(run.idToken, {});
      assert.match(run.lines[0] ?? "", /source=none .* outcome=unreadable$/);
    });
  }

  it("are given up at the deadline", async () => {
    const run = await loadAction({ ...sync, managementApiTimeoutMs: 50 }).run(eventWithoutGroups, {
      getUserGroups: () => new Promise(() => undefined),
    });
    assert.match(run.lines[0] ?? "", /outcome=timeout$/);
  });

  it("are missing, not empty, in a tenant that syncs nothing", async () => {
    const run = await loadAction(sync).run(eventWithoutGroups);
    assert.match(run.lines[0] ?? "", /source=none groups=0 ms=\d+ outcome=missing$/);
  });
});
