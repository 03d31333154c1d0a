import assert from "node:assert/strict";
import { join } from "node:path";
import { managementScopes } from "../src/management/management-scopes.ts";
import { OWN_API } from "../src/store/own-address.ts";
import { startTestTenant } from "./support/tenant.ts";
import { withTemporaryFolder } from "./support/temporary.ts";

describe("A kept tenant", () => {
  it("that an earlier version made gets the scopes of this one, only for its API and its deployer", () =>
    withTemporaryFolder(async (folder) => {
      const stateFile = join(folder, "tenant.json");
      const added = "read:connections_options";
      const first = await startTestTenant({ stateFile });
      const { store } = first.tenant.context;
      const older = managementScopes.filter((scope) => scope !== added);
      for (const api of store.tables.resourceServers.list()) {
        const scopes = api.scopes?.filter(({ value }) => value !== added) ?? [];
        store.tables.resourceServers.put({ ...api, scopes });
      }
      for (const grant of store.tables.clientGrants.list()) {
        store.tables.clientGrants.put({ ...grant, scope: older });
      }
      const other = {
        id: "cgr_other",
        client_id: "other",
        audience: OWN_API,
        scope: ["read:users"],
      };
      store.tables.clientGrants.put(other);
      await first.close();

      const again = await startTestTenant({ stateFile });
      const { tables, deployer } = again.tenant.context.store;
      const grant = tables.clientGrants.find((row) => row.client_id === deployer.clientId);
      const api = tables.resourceServers.find((row) => row.identifier === OWN_API);
      await again.close();
      assert.deepEqual(grant?.scope.toSorted(), managementScopes);
      assert.deepEqual(api?.scopes?.map(({ value }) => value).toSorted(), managementScopes);
      assert.deepEqual(tables.clientGrants.get("cgr_other"), other);
    }));
});
