import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DISK } from "../../src/store/disk.ts";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import type { TestTenant } from "../support/tenant.ts";
import { startTestTenant } from "../support/tenant.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

/** Users as a directory of so many people would have left them. */
function addUsers({ tenant }: TestTenant, count: number): void {
  const { users } = tenant.context.store.tables;
  for (let i = 0; i < count; i += 1) {
    const at = "2026-01-01T00:00:00.000Z";
    const identities = [{ connection: "c", provider: "auth0", user_id: String(i), isSocial: false }];
    users.put({
      user_id: `auth0|${i}`,
      email: `u${i}@xyz.example`,
      identities,
      created_at: at,
      updated_at: at,
    });
  }
}

/** Bytes that a PATCH of a client, a search and a sign-in write in a tenant with so many users. */
async function written(
  folder: string,
  users: number,
): Promise<{ patch: number; read: number; signIn: number }> {
  let bytes = 0;
  const disk = {
    ...DISK,
    write(...args: Parameters<typeof DISK.write>) {
      const count = DISK.write(...args);
      bytes += count;
      return count;
    },
  };
  const stateFile = join(folder, `${users}.json`);
  const test = await startTestTenant({ stateFile, disk });
  try {
    const application = addApplication(test);
    addUsers(test, users);
    const path = `/clients/${application.client.client_id}`;
    const during = async (body: () => Promise<unknown>) => {
      const [before, snapshot] = [bytes, statSync(stateFile).mtimeMs];
      await body();
      assert.equal(statSync(stateFile).mtimeMs, snapshot, "no new snapshot is written");
      return bytes - before;
    };
    await test.api("PATCH", path, { description: "first" });
    await new Agent(test).tokens(application);
    return {
      patch: await during(() => test.api("PATCH", path, { description: "other" })),
      read: await during(() => test.api("GET", "/users?q=email:u1*&search_engine=v3")),
      signIn: await during(() => new Agent(test).tokens(application)),
    };
  } finally {
    await test.close();
  }
}

describe("what a request writes", () => {
  it("depends on what it changes, not on how large the tenant is", () =>
    withTemporaryFolder(async (folder) => {
      const [small, large] = [await written(folder, 10), await written(folder, 4_000)];
      assert.ok(
        small.patch > 0 && large.patch <= small.patch * 2,
        `PATCH: ${small.patch} and ${large.patch}`,
      );
      assert.ok(large.signIn <= small.signIn * 2, `sign-in: ${small.signIn} and ${large.signIn}`);
      assert.deepEqual([small.read, large.read], [0, 0]);
      assert.ok(large.patch < 4_000, `a PATCH of a client writes ${large.patch} bytes`);
    }));

  it("is one row more and one less where the log of events is full", () =>
    withTemporaryFolder(async (folder) => {
      let bytes = 0;
      const disk = {
        ...DISK,
        write(...args: Parameters<typeof DISK.write>) {
          bytes += args[1].length;
          return DISK.write(...args);
        },
      };
      const test = await startTestTenant({ stateFile: join(folder, "tenant.json"), disk });
      try {
        const { logs } = test.tenant.context.store.tables;
        for (let i = 0; i < 1_000; i += 1)
          logs.put({ log_id: String(i), _id: String(i), date: "2026", type: "s" });
        const application = addApplication(test);
        await new Agent(test).tokens(application);
        const before = bytes;
        await new Agent(test).tokens(application);
        assert.equal(logs.size, 1_000);
        assert.ok(bytes - before < 12_000, `a sign-in writes ${bytes - before} bytes`);
      } finally {
        await test.close();
      }
    }));

  it("is what is different in a profile, not the thousand groups that stay", () =>
    withTemporaryFolder(async (folder) => {
      const stateFile = join(folder, "tenant.json");
      const groups = Array.from({ length: 1_000 }, (_, i) => `A group of the company, number ${i}`);
      const test = await startTestTenant({ stateFile });
      try {
        const application = addApplication(test);
        const { store } = test.tenant.context;
        const { users } = store.tables;
        await new Agent(test).tokens(application);
        const [user] = users.list();
        assert.ok(user);
        const size = () => statSync(`${stateFile}.log`).size;
        const put = (row: typeof user) => {
          const before = size();
          users.put(row);
          store.save();
          return size() - before;
        };
        assert.ok(put({ ...user, groups }) > 30_000);
        const changed = put({ ...user, groups: [...groups], logins_count: 7 });
        assert.ok(changed < 300, `${changed} bytes for a count`);
        assert.ok(put({ ...user, groups: [...groups, "one more"], logins_count: 7 }) > 30_000);
        assert.equal(put({ ...user, groups: [...groups, "one more"], logins_count: 7 }), 0);
      } finally {
        await test.close();
      }
    }));

  it("is nothing in memory", () =>
    withTemporaryFolder(async (folder) => {
      const disk = { ...DISK, write: () => assert.fail("nothing is written") };
      const test = await startTestTenant({ disk });
      try {
        await new Agent(test).tokens(addApplication(test));
        const { store } = test.tenant.context;
        assert.equal(store.begin(), store);
        assert.equal(existsSync(join(folder, "tenant.json")), false);
      } finally {
        await test.close();
      }
    }));
});
