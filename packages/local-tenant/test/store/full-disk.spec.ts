import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { DISK } from "../../src/store/disk.ts";
import { Store } from "../../src/store/state.ts";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { startTestTenant } from "../support/tenant.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

/** A disk with so many bytes left: what fits is written, as a file system does it, and then nothing. */
function smallDisk() {
  const state = { left: Infinity };
  return {
    state,
    disk: {
      ...DISK,
      write(descriptor: number, bytes: Uint8Array, position: number) {
        if (state.left === 0) throw new Error("ENOSPC: no space left on device, write");
        const written = DISK.write(descriptor, bytes.subarray(0, state.left), position);
        state.left -= written;
        return written;
      },
    },
  };
}

describe("a tenant on a full disk", () => {
  it("refuses what it cannot store in Auth0's shape, answers what it knows, and goes on when there is room", () =>
    withTemporaryFolder(async (folder) => {
      const stateFile = join(folder, "tenant.json");
      const { state, disk } = smallDisk();
      const test = await startTestTenant({ stateFile, disk });
      try {
        const application = addApplication(test);
        const path = `/clients/${application.client.client_id}`;
        assert.equal((await test.api("PATCH", path, { description: "before" })).status, 200);
        const size = statSync(`${stateFile}.log`).size;

        for (const left of [0, 1, 100]) {
          state.left = left;
          const { status, body, headers } = await test.api("PATCH", path, { description: "lost" });
          assert.equal(status, 503);
          assert.match(String(headers["content-type"]), /^application\/json/);
          assert.deepEqual(body, {
            statusCode: 503,
            error: "Service Unavailable",
            message:
              "The local tenant could not store the change, so nothing has changed: ENOSPC: no space left on device, write.",
            errorCode: "not_stored",
          });
          assert.equal(statSync(`${stateFile}.log`).size, size, "no part of a record is left behind");
        }
        const seen = await test.api<{ description: string }>("GET", path);
        assert.deepEqual([seen.status, seen.body.description], [200, "before"]);
        assert.equal((await test.api("GET", "/users")).status, 200);
        assert.equal((await new Agent(test).get("/.well-known/openid-configuration")).statusCode, 200);

        const users = test.tenant.context.store.tables.users.size;
        const agent = new Agent(test);
        const page = await agent.authorize(application);
        const refused = await agent.pick(page, "ada.lindqvist@xyz.example");
        assert.deepEqual(
          [refused.statusCode, refused.headers["location"], refused.headers["set-cookie"]],
          [503, undefined, undefined],
        );
        assert.equal(test.tenant.context.store.tables.users.size, users);

        state.left = Infinity;
        assert.equal((await test.api("PATCH", path, { description: "after" })).status, 200);
        await new Agent(test).tokens(application);
        const { tables } = new Store(stateFile);
        assert.equal(tables.clients.get(application.client.client_id)?.["description"], "after");
        assert.equal(tables.users.size, users + 1);
      } finally {
        await test.close();
      }
    }));

  it("goes on with its log when there is no room for a new snapshot", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      let flushes = true;
      const disk = {
        ...DISK,
        flush(descriptor: number) {
          // A snapshot is flushed before it takes the place of the old one.
          if (!flushes) throw new Error("ENOSPC: no space left on device, fdatasync");
          DISK.flush(descriptor);
        },
      };
      const store = new Store(file, { disk });
      const put = (id: string, name: string) => {
        store.tables.roles.put({ id, name, description: null, permissions: [] });
        store.save();
      };
      put("a", "first");
      flushes = false;
      for (let i = 0; i < 8; i += 1) put("a", "x".repeat(1_000_000) + String(i));
      assert.equal(new Store(file).tables.roles.get("a")?.name.at(-1), "7");
      assert.ok(statSync(`${file}.log`).size > 8_000_000);
      flushes = true;
      store.close();
      assert.equal(new Store(file).tables.roles.get("a")?.name.at(-1), "7");
      assert.throws(() => statSync(`${file}.log`));
    }));
});
