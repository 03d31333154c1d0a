import assert from "node:assert/strict";
import { hideSecrets } from "../src/lib/hide-secrets.ts";
import { loopbackVariables, proxyFor, proxyVariables } from "../src/lib/proxy.ts";

const TARGET = new URL("https://get.pulumi.com/install.sh");
const PROXY = "http://ann:s3kret@proxy.example:3128";

describe("proxyFor", () => {
  it("finds the proxy in each variable that names one, small letters first, and says which", () => {
    for (const name of ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "npm_config_https_proxy"]) {
      const proxy = proxyFor(TARGET, { npm_config_proxy: "http://last.example", [name]: PROXY });
      assert.equal(proxy?.url.username, "ann");
      assert.equal(proxy.label, `the proxy http://proxy.example:3128 of ${name}`);
    }
    const both = proxyFor(TARGET, {
      HTTPS_PROXY: "http://large.example",
      https_proxy: "http://small.example",
    });
    assert.equal(both?.url.host, "small.example");
  });

  it("takes an address without http://, as curl does", () => {
    assert.equal(
      proxyFor(TARGET, { HTTPS_PROXY: "proxy.example:3128" })?.url.href,
      "http://proxy.example:3128/",
    );
  });

  it("finds no proxy in an empty variable, in npm's default and in a variable for http only", () => {
    for (const env of [{}, { HTTPS_PROXY: "" }, { npm_config_proxy: "null" }, { HTTP_PROXY: PROXY }]) {
      assert.equal(proxyFor(TARGET, env), undefined);
    }
  });

  it("reads NO_PROXY as curl does", () => {
    for (const [list, excepted] of [
      ["get.pulumi.com", true],
      ["pulumi.com", true],
      [".pulumi.com", true],
      ["*.pulumi.com", true],
      ["localhost, PULUMI.com", true],
      ["localhost pulumi.com:443", true],
      ["*", true],
      ["lumi.com", false],
      ["pulumi.com:8443", false],
      ["pulumi.com.example", false],
      ["", false],
    ] as const) {
      for (const name of ["NO_PROXY", "no_proxy"]) {
        const proxy = proxyFor(TARGET, { HTTPS_PROXY: PROXY, [name]: list });
        assert.equal(proxy === undefined, excepted, `${name}=${list}`);
      }
    }
  });

  it("refuses what is not an address without printing it", () => {
    assert.throws(() => proxyFor(TARGET, { HTTPS_PROXY: "http://ann:s3kret@:::" }), {
      message: "HTTPS_PROXY does not hold the address of a proxy, such as http://proxy.example:3128",
    });
  });
});

describe("proxyVariables", () => {
  it("writes what one program has in the letters and the name that another one reads", () => {
    const variables = proxyVariables({ ALL_PROXY: PROXY, NO_PROXY: "intranet.example" });
    assert.deepEqual(variables, {
      https_proxy: PROXY,
      HTTPS_PROXY: PROXY,
      no_proxy: "intranet.example",
      NO_PROXY: "intranet.example",
    });
    assert.deepEqual(proxyVariables({}), {});
  });
});

describe("loopbackVariables", () => {
  it("keep the hosts that are excepted already, and add the local tenant's names once", () => {
    const value = "intranet.example,localhost,127.0.0.1,::1";
    for (const given of ["intranet.example", "intranet.example, localhost"]) {
      assert.deepEqual(loopbackVariables({ NO_PROXY: given }), { NO_PROXY: value, no_proxy: value });
    }
    assert.equal(loopbackVariables({}).no_proxy, "localhost,127.0.0.1,::1");
  });
});

describe("hideSecrets", () => {
  it("takes the user and password out of addresses, and the values of secret variables out of the text", () => {
    const env = {
      HTTPS_PROXY: "http://ann:p%40ss/word@proxy.example",
      NPM_TOKEN: "npm_0123456789",
      HOME: "/home/ann",
    };
    const told = hideSecrets(
      `parse "http://ann:p%40ss/word@proxy.example": bad p@ss/word; https://bob:pw@registry.example/x 401; authorization: Bearer abcdef0123; npm_0123456789; /home/ann`,
      env,
    );
    assert.ok(!/p%40ss|p@ss|pw@|bob|abcdef0123|npm_0123456789/.test(told), told);
    assert.match(told, /registry\.example\/x 401.*\/home\/ann/);
  });
});
