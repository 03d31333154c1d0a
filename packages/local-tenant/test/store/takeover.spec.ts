import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Store } from "../../src/store/state.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const role = (id: string) => ({ id, name: id, description: null, permissions: [] });

const OLDER = JSON.stringify({
  version: 1,
  domain: "localhost:8443",
  deployer: { clientId: "deployer", clientSecret: "secret" },
  settings: { flags: { one: true }, friendly_name: "Café" },
  tables: { roles: [role("b"), role("a")] },
});

describe("a state of the format before", () => {
  it("is only read until something changes, then taken over once and kept aside", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      writeFileSync(file, OLDER);
      const store = new Store(file);
      store.save();
      store.close();
      assert.deepEqual(readdirSync(folder), ["tenant.json"]);
      assert.equal(readFileSync(file, "utf8"), OLDER);

      const changed = new Store(file);
      changed.tables.roles.put(role("c"));
      changed.save();
      const aside = `${file}.before-format-2`;
      assert.equal(readFileSync(aside, "utf8"), OLDER);
      const again = new Store(file);
      assert.deepEqual(
        [again.domain, again.deployer, again.settings, again.tables.roles.list().map(({ id }) => id)],
        [
          "localhost:8443",
          { clientId: "deployer", clientSecret: "secret" },
          { flags: { one: true }, friendly_name: "Café" },
          ["b", "a", "c"],
        ],
      );
      again.tables.roles.put(role("d"));
      again.save();
      again.close();
      assert.equal(readFileSync(aside, "utf8"), OLDER);
      assert.deepEqual(readdirSync(folder).sort(), ["tenant.json", "tenant.json.before-format-2"]);
    }));

  it("gives way to one that an older version refuses by its number, in the line that it has for that", () =>
    withTemporaryFolder((folder) => {
      const file = join(folder, "tenant.json");
      writeFileSync(file, OLDER);
      const store = new Store(file);
      store.tables.roles.put(role("c"));
      store.save();
      store.tables.roles.put(role("d"));
      store.save();
      // The older version parses the whole file, then compares the version with 1.
      const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: unknown };
      assert.equal(version, 2);
    }));
});
