import assert from "node:assert/strict";
import { managementToken } from "../../../../action/sources/management/token.ts";
import type { PostLoginEvent, Secrets } from "../../../../action/types.ts";
import {
  createCache,
  eventWithoutGroups,
  loadAction,
  type LoadedAction,
  settings,
} from "../../support/bundled-action.ts";
import { type FaultyTenant, startFaultyTenant } from "../../support/faulty-tenant.ts";

const claim = settings.groupsClaim;
const KEY = "workforce-sso:machine-client";
type Cache = ReturnType<typeof createCache>;

describe("the token in a cache that all Actions share", () => {
  const realNow = Date.now;
  let tenant: FaultyTenant;
  let cache: Cache;

  before(async () => {
    tenant = await startFaultyTenant();
  });
  beforeEach(() => {
    Object.assign(tenant, { token: ["ok"], user: ["ok"], expiresIn: 86_400, padding: "" });
    cache = createCache();
    tenant.calls.length = 0;
  });
  afterEach(() => {
    Date.now = realNow;
  });
  after(() => tenant.close());

  const load = (): LoadedAction => loadAction({}, tenant.address);
  const tokenCalls = (): number => tenant.calls.filter(({ url }) => url === "/oauth/token").length;
  const bearers = (): (string | undefined)[] =>
    tenant.calls.filter(({ url }) => url !== "/oauth/token").map(({ authorization }) => authorization);
  const lastBearer = (): string => bearers().at(-1) ?? "";
  const entry = (): string => cache.records.get(KEY)?.value ?? "";
  const put = (value: string): void =>
    void cache.records.set(KEY, { value, expires_at: realNow() + 86_400_000 });

  async function signIn(action: LoadedAction, who: PostLoginEvent = eventWithoutGroups): Promise<string> {
    const run = await action.run(who, { cache });
    assert.deepEqual(run.idToken, { [claim]: ["Stored"] }, run.lines.join());
    return run.lines.join();
  }

  /** What an Action with other secrets would put under this one's key. */
  async function sealedWith(secrets: Record<string, string>): Promise<string> {
    const own = createCache();
    await load().run(
      { ...eventWithoutGroups, secrets: { ...eventWithoutGroups.secrets, ...secrets } },
      { cache: own },
    );
    const [record] = own.records.values();
    return record?.value ?? "";
  }

  it("cannot be read by another Action, and looks different each time", async () => {
    await signIn(load());
    const token = lastBearer().replace("Bearer ", "");
    const one = entry();
    for (const text of [one, Buffer.from(one, "base64").toString("latin1")]) {
      assert.equal(text.includes(token), false);
      assert.equal(text.includes("token"), false);
    }
    assert.equal(
      Buffer.from(one, "base64").length,
      12 + 16 + JSON.stringify({ text: token, expiresAt: realNow() }).length,
    );
    cache.records.clear();
    const action = load();
    await signIn(action);
    const again = entry();
    cache.records.clear();
    await signIn(action);
    assert.notEqual(entry(), again, "the same token, sealed twice");
  });

  it("opens for another instance with the same secrets", async () => {
    await signIn(load());
    await signIn(load());
    assert.equal(tokenCalls(), 1);
  });

  const strangers: [what: string, value: () => string | Promise<string>][] = [
    ["a text", () => "token-of-another-action"],
    ["nothing", () => ""],
    ["a few bytes", () => Buffer.alloc(20).toString("base64")],
    ["a token in clear, as it once was kept", () => lastBearer().replace("Bearer ", "")],
    ["JSON in clear", () => Buffer.from(JSON.stringify({ text: "x", expiresAt: 9e15 })).toString("base64")],
    ["an entry with one bit turned", () => flipped(entry(), 15)],
    ["an entry with another nonce", () => flipped(entry(), 0)],
    ["an entry with another tag", () => flipped(entry(), -1)],
    ["four bytes", () => Buffer.alloc(4).toString("base64")],
    [
      "an entry with its tag cut to four bytes",
      () => Buffer.from(entry(), "base64").subarray(0, -12).toString("base64"),
    ],
    ["an entry of another tenant", () => sealedWith({ TENANT: "other.example" })],
    ["an entry of another secret", () => sealedWith({ APP_CLIENT_SECRET: "other" })],
    ["an entry of another client", () => sealedWith({ APP_CLIENT_ID: "other" })],
  ];
  for (const [what, value] of strangers) {
    it(`is not taken from ${what}, which costs no token request and is written over`, async () => {
      const action = load();
      await signIn(action);
      const own = lastBearer();
      put(await value());
      tenant.calls.length = 0;
      await signIn(action);
      assert.deepEqual(bearers(), [own]);
      assert.equal(tokenCalls(), 0);
      // Good again: a new instance needs no token of its own.
      await signIn(load());
      assert.deepEqual(bearers(), [own, own]);
      assert.equal(tokenCalls(), 0);
    });
  }

  it("is not sent after its end, however long another Action prolongs the entry", async () => {
    tenant.expiresIn = 3600;
    await signIn(load());
    const kept = entry();
    // A minute before its end it is not used any more, as everywhere.
    Date.now = () => realNow() + 3_540_001;
    put(kept);
    const last = cache.records.get(KEY);
    assert.ok(last);
    cache.records.set(KEY, { ...last, expires_at: Infinity });
    const former = lastBearer();
    await signIn(load());
    assert.equal(tokenCalls(), 2);
    assert.notEqual(lastBearer(), former);
  });

  it("is dropped when the API refuses it, and a newer one of another run is not", async () => {
    await signIn(load());
    const refused = entry();
    const action = load();
    tenant.user = ["401"];
    // What is answered to the refused one is the end of this run: the second answer is a refusal as well.
    await action.run(eventWithoutGroups, { cache });
    assert.notEqual(entry(), refused);
    tenant.user = ["ok"];
    await signIn(load());
    const newer = entry();
    tenant.user = ["403"];
    // This instance sends the one that it reads, and meanwhile another run has put a newer one in its place.
    let reads = 0;
    const moved: Cache = {
      ...cache,
      get: (key) => (reads++ === 0 ? { value: newer, expires_at: Infinity } : cache.get(key)),
    };
    cache.records.clear();
    tenant.user = ["ok"];
    await signIn(load());
    const newest = entry();
    tenant.user = ["403"];
    await load().run(eventWithoutGroups, { cache: moved });
    assert.equal(entry(), newest);
  });

  it("is gone from the cache after a refusal for want of a scope, too", async () => {
    await signIn(load());
    tenant.user = ["403"];
    await load().run(eventWithoutGroups, { cache });
    assert.equal(cache.records.size, 0);
  });

  it("is late, not broken off by the network, when its request was not answered in time", async () => {
    const { fetch } = globalThis;
    // As fetch does: it rejects with what the signal was aborted for.
    globalThis.fetch = (_url, init) =>
      new Promise((_resolve, reject) =>
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error)),
      );
    try {
      // SAFETY: the event of these tests has all of them.
      const secrets = eventWithoutGroups.secrets as Secrets;
      await assert.rejects(managementToken(secrets, cache, 20, []), {
        outcome: "timeout",
        retryAfterMs: Infinity,
      });
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it("stays in the instance when it is too long once it is sealed", async () => {
    // As text it would fit.
    tenant.padding = "x".repeat(3500);
    const action = load();
    assert.match(await signIn(action), /outcome=ok cache=CacheValueSizeExceeded$/);
    assert.match(await signIn(action), /outcome=ok cache=CacheValueSizeExceeded$/);
    assert.equal(tokenCalls(), 1);
    assert.equal(cache.records.size, 0);
  });

  it("is kept when it is as long as tokens of a large tenant are", async () => {
    tenant.padding = "x".repeat(2900);
    await signIn(load());
    await signIn(load());
    assert.equal(tokenCalls(), 1);
  });
});

function flipped(sealed: string, at: number): string {
  const bytes = Buffer.from(sealed, "base64");
  const index = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes.toString("base64");
}
