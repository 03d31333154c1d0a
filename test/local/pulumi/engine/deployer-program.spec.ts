import assert from "node:assert/strict";
import { deployerProgram } from "../../../../local/pulumi/engine/deployer-program.ts";

const NAMES = ["AUTH0_DOMAIN", "AUTH0_CLIENT_SECRET", "SSL_CERT_FILE"];
const environment = () => NAMES.map((name) => process.env[name]);
const tenant = (domain: string) => ({
  domain,
  clientId: "deployer",
  clientSecret: "a-secret",
  ca: "",
  caFile: "/ca.pem",
});

describe("a program with the deployer in its environment", () => {
  const before = environment();
  afterEach(() => assert.deepEqual(environment(), before));

  it("leaves the environment as it was, also when it fails", async () => {
    let seen: unknown;
    const program = deployerProgram(async () => {
      seen = environment();
      throw new Error("no");
    }, tenant("localhost:1"));
    await assert.rejects(program.run(), /no/);
    assert.deepEqual(seen, ["localhost:1", "a-secret", "/ca.pem"]);
  });

  it("leaves it as it was when it ends during the next run", async () => {
    const ends: (() => void)[] = [];
    const waiting = (domain: string) =>
      deployerProgram(() => new Promise<void>((resolve) => ends.push(resolve)), tenant(domain)).run();
    const first = waiting("localhost:1");
    const second = waiting("localhost:2");
    ends[0]?.();
    await first;
    assert.equal(process.env["AUTH0_DOMAIN"], "localhost:2");
    ends[1]?.();
    await second;
  });

  it("leaves it as it was when it never ends, once its engine is closed", () => {
    const program = deployerProgram(() => new Promise(() => undefined), tenant("localhost:1"));
    void program.run();
    assert.equal(process.env["AUTH0_DOMAIN"], "localhost:1");
    program.end();
  });
});
