import assert from "node:assert/strict";
import { deploymentEnvironment } from "../../../../local/pulumi/engine/environment.ts";
import { workspacePaths } from "../../../../local/pulumi/engine/paths.ts";

describe("deploymentEnvironment", () => {
  it("keeps the person's proxy, and the deployment's children from asking it for the local tenant", () => {
    const env = {
      HTTPS_PROXY: "http://proxy.example:3128",
      no_proxy: "intranet.example",
      AUTH0_DOMAIN: "real",
    };
    const given = deploymentEnvironment(env, workspacePaths("/project/.local/pulumi"));
    assert.equal(given["HTTPS_PROXY"], "http://proxy.example:3128");
    const except = "intranet.example,localhost,127.0.0.1,::1";
    assert.deepEqual([given["NO_PROXY"], given["no_proxy"]], [except, except]);
    assert.equal(given["AUTH0_DOMAIN"], undefined);
  });
});
