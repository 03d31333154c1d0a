import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import * as pulumi from "@pulumi/pulumi";
import { withTemporaryFolder } from "../../../packages/local-tenant/test/support/temporary.ts";
import { readAccess } from "../../../stack/preflight/access.ts";

const configure = (config: Record<string, string>) => pulumi.runtime.setAllConfig(config);

describe("readAccess", () => {
  afterEach(() => configure({}));

  it("takes the provider's configuration before the environment, key by key", () => {
    configure({ "auth0:clientId": "configured", "auth0:audience": "https://configured/" });
    const environment = {
      AUTH0_CLIENT_ID: "environment",
      AUTH0_CLIENT_SECRET: "secret",
      AUTH0_AUDIENCE: "https://environment/",
    };
    assert.deepEqual(readAccess("xyz.auth0.com", environment), {
      domain: "xyz.auth0.com",
      credentials: { clientId: "configured", clientSecret: "secret", audience: "https://configured/" },
    });
  });

  it("asks for the tenant's own Management API unless told otherwise", () => {
    configure({ "auth0:clientId": "id", "auth0:clientSecret": "secret" });
    const audience = (environment: NodeJS.ProcessEnv) => {
      const { credentials } = readAccess("xyz.auth0.com", environment);
      return "audience" in credentials ? credentials.audience : undefined;
    };
    assert.equal(audience({}), "https://xyz.auth0.com/api/v2/");
    assert.equal(audience({ AUTH0_AUDIENCE: "" }), "https://xyz.auth0.com/api/v2/");
    assert.equal(audience({ AUTH0_AUDIENCE: "https://other/" }), "https://other/");
  });

  it("prefers a token that is there already, from either place", () => {
    const client = { AUTH0_CLIENT_ID: "id", AUTH0_CLIENT_SECRET: "secret" };
    const fromEnvironment = readAccess("x", { ...client, AUTH0_API_TOKEN: "environment" });
    assert.deepEqual(fromEnvironment.credentials, { token: "environment" });
    configure({ "auth0:apiToken": "configured" });
    assert.deepEqual(readAccess("x", client).credentials, { token: "configured" });
  });

  for (const [what, environment] of [
    ["nothing", {}],
    ["an id alone", { AUTH0_CLIENT_ID: "id" }],
    ["a secret alone", { AUTH0_CLIENT_SECRET: "shown-to-nobody" }],
    ["an empty secret", { AUTH0_CLIENT_ID: "id", AUTH0_CLIENT_SECRET: "" }],
  ] as const) {
    it(`says what it needs where it has ${what}, and no value`, () => {
      assert.throws(() => readAccess("x", environment), {
        message:
          "it needs auth0:clientId and auth0:clientSecret, or AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or AUTH0_API_TOKEN",
      });
    });
  }

  it("trusts the authorities of SSL_CERT_FILE and NODE_EXTRA_CA_CERTS besides the usual ones", () =>
    withTemporaryFolder((folder) => {
      const [own, extra] = ["own.pem", "extra.pem"].map((name) => join(folder, name));
      writeFileSync(own ?? "", "own");
      writeFileSync(extra ?? "", "extra");
      const authorities = (environment: Record<string, string | undefined>) =>
        readAccess("x", { AUTH0_API_TOKEN: "token", ...environment }).ca;
      assert.equal(authorities({}), undefined);
      assert.equal(authorities({ NODE_EXTRA_CA_CERTS: extra }), undefined, "Node.js reads that one itself");
      assert.deepEqual(authorities({ SSL_CERT_FILE: own }), [...rootCertificates, "own"]);
      assert.deepEqual(authorities({ SSL_CERT_FILE: own, NODE_EXTRA_CA_CERTS: extra }), [
        ...rootCertificates,
        "own",
        "extra",
      ]);
    }));
});
