import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { ActionCache, PostLoginEvent } from "../../../action/types.ts";
import { createCache, event, eventWithoutGroups, loadAction, settings } from "../support/bundled-action.ts";
import {
  type Answer,
  type FaultyTenant,
  startFaultyTenant,
  storedProfile,
} from "../support/faulty-tenant.ts";

const claim = settings.groupsClaim;

describe("groups by the Management API", () => {
  let tenant: FaultyTenant;

  before(async () => {
    tenant = await startFaultyTenant();
  });
  beforeEach(() => {
    tenant.calls.length = 0;
    tenant.token = ["ok"];
    tenant.user = ["ok"];
    tenant.profile = storedProfile;
    tenant.expiresIn = 86_400;
    tenant.padding = "";
  });
  after(() => tenant.close());

  const tokenCalls = (): number => tenant.calls.filter(({ url }) => url === "/oauth/token").length;
  const userCalls = (): typeof tenant.calls => tenant.calls.filter(({ url }) => url !== "/oauth/token");
  const load = (changes = {}): ReturnType<typeof loadAction> => loadAction(changes, tenant.address);

  it("come from two requests, which ask for the groups and whose they are", async () => {
    const run = await load().run(eventWithoutGroups);
    assert.deepEqual(run.idToken, { [claim]: ["Stored"] });
    const [token, user] = tenant.calls;
    assert.deepEqual(JSON.parse(token?.body ?? ""), {
      grant_type: "client_credentials",
      client_id: "machine-client",
      client_secret: "machine-secret",
      audience: "https://tenant.example/api/v2/",
    });
    assert.equal(token?.contentType, "application/json");
    assert.equal(user?.method, "GET");
    assert.equal(
      user?.url,
      "/api/v2/users/waad%7Cada%2Blovelace?fields=user_id%2Cidentities%2Cgroups%2Cgroup_ids&include_fields=true",
    );
    assert.match(user?.authorization ?? "", /^Bearer token-\d+$/);
  });

  it("are object ids when the policy asks for them", async () => {
    const run = await load({ groupPolicy: { identifier: "id" } }).run(eventWithoutGroups);
    assert.deepEqual(run.idToken, { [claim]: ["stored-id"] });
  });

  it("cost one token for many sign-ins, whichever instance they meet", async () => {
    const cache = createCache();
    const [one, other] = [load(), load()];
    for (const action of [one, other, one, other]) await action.run(eventWithoutGroups, { cache });
    assert.equal(tokenCalls(), 1);
    assert.equal(tenant.calls.length, 5);
  });

  it("keep the token in the cache until a minute before its end, under a key that fits", async () => {
    const cache = createCache();
    const before = Date.now();
    const secrets = { ...event.secrets, APP_CLIENT_ID: "c".repeat(32) };
    await load().run({ ...eventWithoutGroups, secrets }, { cache });
    const [[key, record] = []] = [...cache.records];
    assert.ok(Buffer.byteLength(key ?? "") <= 64 && key?.startsWith("workforce-sso:ccc"));
    assert.ok(
      record && record.expires_at >= before + 86_340_000 - 1 && record.expires_at <= Date.now() + 86_340_000,
    );
  });

  it("keep a token for a day at the most", async () => {
    const cache = createCache();
    tenant.expiresIn = 30 * 86_400;
    await load().run(eventWithoutGroups, { cache });
    const [record] = [...cache.records.values()];
    assert.ok(record && record.expires_at <= Date.now() + 86_400_000);
  });

  for (const expiresIn of [30, "soon", null, -1]) {
    it(`keep no token whose lifetime is ${JSON.stringify(expiresIn)}`, async () => {
      const cache = createCache();
      tenant.expiresIn = expiresIn;
      const action = load();
      for (let run = 0; run < 2; run += 1) {
        assert.deepEqual((await action.run(eventWithoutGroups, { cache })).idToken, { [claim]: ["Stored"] });
      }
      assert.equal(cache.records.size, 0);
      assert.equal(tokenCalls(), 2);
    });
  }

  it("keep the token in the instance when the cache refuses it, and say so", async () => {
    const cache = createCache("CacheSizeExceeded");
    const action = load();
    const run = await action.run(eventWithoutGroups, { cache });
    await action.run(eventWithoutGroups, { cache });
    assert.match(run.lines[0] ?? "", /outcome=ok cache=CacheSizeExceeded$/);
    assert.equal(tokenCalls(), 1);
  });

  it("ask for one token when many sign-ins come at once", async () => {
    const action = load();
    const runs = await Promise.all(Array.from({ length: 20 }, () => action.run(eventWithoutGroups)));
    assert.equal(tokenCalls(), 1);
    for (const run of runs) assert.deepEqual(run.idToken, { [claim]: ["Stored"] });
  });

  it("ask for one new token when many sign-ins at once find theirs refused", async () => {
    const action = load();
    // Each sign-in sees the cache as it was when it began.
    const run = (): ReturnType<typeof action.run> => action.run(eventWithoutGroups, { cache: createCache() });
    await run();
    tenant.user = [...Array<Answer>(20).fill("401"), "ok"];
    const runs = await Promise.all(Array.from({ length: 20 }, run));
    for (const { idToken } of runs) assert.deepEqual(idToken, { [claim]: ["Stored"] });
    assert.equal(tokenCalls(), 2);
  });

  it("keep the new token when the old one's refusal comes late to another sign-in", async () => {
    const action = load();
    // Each sign-in sees the cache as it was when it began, so that the instance's own token counts.
    const run = (): ReturnType<typeof action.run> => action.run(eventWithoutGroups, { cache: createCache() });
    await run();
    let release = (): void => undefined;
    tenant.late = new Promise<void>((resolve) => (release = resolve));
    tenant.user = ["401-late", "401", "ok"];
    const slow = run();
    while (userCalls().length < 2) await sleep(1);
    assert.deepEqual((await run()).idToken, { [claim]: ["Stored"] });
    release();
    assert.deepEqual((await slow).idToken, { [claim]: ["Stored"] });
    assert.equal(tokenCalls(), 2);
  });

  for (const [what, broken] of Object.entries({
    throws: (): never => {
      throw new Error("no cache");
    },
    "answers with nothing": (): undefined => undefined,
    "answers with something else": (): object => ({ value: 7, type: 7 }),
  })) {
    it(`are had without the cache when it ${what}`, async () => {
      const cache = { get: broken, set: broken, delete: broken } as unknown as ActionCache;
      tenant.user = ["401", "ok"];
      const run = await load().run(eventWithoutGroups, { cache });
      assert.deepEqual(run.idToken, { [claim]: ["Stored"] });
      assert.match(run.lines[0] ?? "", /outcome=ok cache=failed cache=failed$/);
    });
  }

  it("are not asked for, and the API is not to blame, when directory sync has used up the time", async () => {
    const action = load({ managementApiTimeoutMs: 100 });
    for (let run = 0; run < 6; run += 1) {
      const { lines } = await action.run(eventWithoutGroups, {
        getUserGroups: () => new Promise(() => undefined),
      });
      assert.match(lines[0] ?? "", /outcome=timeout$/);
    }
    assert.equal(tenant.calls.length, 0);
  });

  it("are had with a new token at once when the kept one is refused", async () => {
    const cache = createCache();
    const action = load();
    await action.run(eventWithoutGroups, { cache });
    tenant.user = ["401", "ok"];
    const run = await action.run(eventWithoutGroups, { cache });
    assert.deepEqual(run.idToken, { [claim]: ["Stored"] });
    assert.equal(tokenCalls(), 2);
    await action.run(eventWithoutGroups, { cache });
    assert.equal(tokenCalls(), 2);
  });

  it("are had again as soon as a missing scope is granted", async () => {
    const action = load();
    tenant.user = ["403", "ok"];
    assert.match((await action.run(eventWithoutGroups)).lines[0] ?? "", /outcome=forbidden$/);
    assert.deepEqual((await action.run(eventWithoutGroups)).idToken, { [claim]: ["Stored"] });
    assert.equal(tokenCalls(), 2);
  });

  it("are not asked for any more after five failures in a row", async () => {
    tenant.user = ["403"];
    const action = load();
    const outcomes: string[] = [];
    for (let run = 0; run < 8; run += 1) {
      const { lines } = await action.run(eventWithoutGroups);
      outcomes.push(/outcome=(\S+)/.exec(lines[0] ?? "")?.[1] ?? "");
    }
    assert.deepEqual(outcomes, [...Array<string>(5).fill("forbidden"), ...Array<string>(3).fill("paused")]);
    assert.equal(tenant.calls.length - tokenCalls(), 5);
  });

  it("are left alone at once when the limit is reached, also while the sign-in that met it first waits for its end", async () => {
    const action = load();
    await action.run(eventWithoutGroups);
    tenant.user = ["429-soon"];
    const onTheirWay = Array.from({ length: 5 }, () => action.run(eventWithoutGroups));
    while (userCalls().length < 6) await sleep(5);
    await sleep(50);
    const { lines } = await action.run(eventWithoutGroups);
    assert.match(lines[0] ?? "", /outcome=paused$/);
    tenant.user = ["ok"];
    const runs = await Promise.all(onTheirWay);
    assert.equal(runs.filter(({ idToken }) => claim in idToken).length, 1);
    assert.equal(userCalls().length, 7);
    // Each answer named the limit's end with up to 150 ms on top, and the last one counts.
    await sleep(200);
    assert.deepEqual((await action.run(eventWithoutGroups)).idToken, { [claim]: ["Stored"] });
  });

  for (const endpoint of ["token", "user"] as const) {
    it(`cost nobody a wait after the first sign-in that met a limit of the ${endpoint} endpoint`, async () => {
      tenant[endpoint] = ["429-later"];
      const action = load();
      assert.match((await action.run(eventWithoutGroups)).lines[0] ?? "", /outcome=rate-limited$/);
      tenant[endpoint] = ["ok"];
      const { length } = tenant.calls;
      for (let run = 0; run < 20; run += 1) {
        const [line = ""] = (await action.run(eventWithoutGroups)).lines;
        assert.match(line, /outcome=paused$/);
        assert.ok(Number(/ms=(\d+)/.exec(line)?.[1]) < 1000, line);
      }
      assert.equal(tenant.calls.length, length);
    });
  }

  it("are not asked for again because an earlier request was answered after the limit was met", async () => {
    const action = load();
    await action.run(eventWithoutGroups);
    tenant.user = ["50 ms", "429-later"];
    const early = action.run(eventWithoutGroups);
    while (userCalls().length < 2) await sleep(1);
    assert.match((await action.run(eventWithoutGroups)).lines[0] ?? "", /outcome=rate-limited$/);
    assert.deepEqual((await early).idToken, { [claim]: ["Stored"] });
    assert.match((await action.run(eventWithoutGroups)).lines[0] ?? "", /outcome=paused$/);
  });

  it("are asked for on and on while the API answers, also for users it does not know", async () => {
    tenant.user = ["404"];
    const action = load();
    for (let run = 0; run < 7; run += 1) await action.run(eventWithoutGroups);
    assert.equal(tenant.calls.length - tokenCalls(), 7);
  });

  it("leave no request behind at the deadline", async () => {
    tenant.user = ["stall"];
    const abandoned = tenant.abandoned();
    const run = await load({ managementApiTimeoutMs: 500 }).run(eventWithoutGroups);
    assert.match(run.lines[0] ?? "", /outcome=timeout$/);
    await abandoned;
  });

  it("never cost a call when the event has the groups, or says that there are none", async () => {
    const action = load();
    await action.run(event);
    await action.run({ ...event, transaction: { protocol: "oauth2-refresh-token" } });
    await action.run({ ...event, user: { ...event.user, groups: [] } });
    assert.equal(tenant.calls.length, 0);
    assert.deepEqual(action.required, []);
  });

  it("are not asked for without the secrets, however often", async () => {
    const action = load();
    const lacking = Object.keys(event.secrets ?? {}).map((name) => ({ ...event.secrets, [name]: "" }));
    for (const secrets of [{}, undefined, ...lacking, {}, {}]) {
      // SAFETY: Auth0 leaves out what an Action does not have.
      const { lines } = await action.run({ ...eventWithoutGroups, secrets } as PostLoginEvent);
      assert.match(lines[0] ?? "", /outcome=fault$/);
    }
    assert.equal(tenant.calls.length, 0);
  });

  for (const [endpoint, answer] of [
    ["token", "odd"],
    ["token", "null"],
    ["token", "html"],
    ["user", "null"],
    ["user", "html"],
  ] as const) {
    it(`are not taken from ${answer} as the answer of the ${endpoint} endpoint`, async () => {
      tenant[endpoint] = [answer];
      const run = await load().run(eventWithoutGroups);
      assert.deepEqual(run.idToken, {});
      assert.match(run.lines[0] ?? "", /outcome=bad-answer$/);
    });
  }

  it("are not asked for when the token came too late for another answer", async () => {
    tenant.token = ["50 ms"];
    const run = await load({ managementApiTimeoutMs: 90 }).run(eventWithoutGroups);
    assert.match(run.lines[0] ?? "", /outcome=timeout$/);
    assert.equal(userCalls().length, 0);
  });

  it("come by a request for a token of this sign-in's own when another's was cut off by a freeze of the instance", async () => {
    tenant.token = ["hang", "ok"];
    const action = load({ managementApiTimeoutMs: 1000 });
    const frozen = action.run(eventWithoutGroups);
    while (tokenCalls() < 1) await sleep(5);
    const realNow = Date.now;
    // The clock has gone on, and no timer has run.
    Date.now = () => realNow() + 1001;
    try {
      assert.deepEqual((await action.run(eventWithoutGroups)).idToken, { [claim]: ["Stored"] });
      assert.equal(tokenCalls(), 2);
    } finally {
      Date.now = realNow;
    }
    await frozen;
  });

  it("are not asked for without a user id, which would list all users", async () => {
    assert.match((await load().run({ ...event, user: {} })).lines[0] ?? "", /outcome=fault$/);
    assert.equal(tenant.calls.length, 0);
  });

  it("are a linked account's own when the settings say so", async () => {
    const identities = [
      { connection: "customers" },
      { connection: "azure-ad", profileData: { groups: ["Linked"] } },
    ];
    const user = {
      user_id: "auth0|1",
      identities: [{ connection: "customers" }, { connection: "azure-ad" }],
    };
    const linked: PostLoginEvent = { ...event, user };
    tenant.profile = { user_id: "auth0|1", groups: ["Of the primary account"], identities };
    const run = await load({ linkedIdentities: true }).run(linked);
    assert.deepEqual(run.idToken, { [claim]: ["Linked"] });
  });

  const another = { connection: "azure-ad", profileData: { groups: ["Of the stronger account"] } };
  for (const [what, identities] of Object.entries({
    "another of the same connection": [{ connection: "azure-ad" }, another],
    "another connection's": [{ connection: "customers" }, { connection: "azure-ad" }],
    "an unknown one": "azure-ad",
  })) {
    it(`are nobody's when only the stored profile shows that the account is linked to ${what}`, async () => {
      tenant.profile = { ...storedProfile, identities };
      const action = load({ groupSources: ["management-api", "directory-sync"] });
      // What is found out holds for the sources after this one, too.
      const run = await action.run(eventWithoutGroups, {
        getUserGroups: async () => ({ groups: [{ name: "Synced", connection_id: "con_azure" }] }),
      });
      assert.deepEqual(run.idToken, {});
      assert.match(run.lines[0] ?? "", /source=none groups=0 ms=\d+ outcome=linked$/);
    });
  }

  for (const profile of [
    { ...storedProfile, user_id: "waad|bob" },
    { groups: ["Stored"] },
    { ...storedProfile, user_id: ["waad|ada+lovelace"] },
    [storedProfile],
  ]) {
    it(`are not taken from ${JSON.stringify(profile).slice(0, 40)}, which is not the user asked for`, async () => {
      // SAFETY: any JSON can be answered.
      tenant.profile = profile as Record<string, unknown>;
      const run = await load().run(eventWithoutGroups);
      assert.deepEqual(run.idToken, {});
      assert.match(run.lines[0] ?? "", /outcome=bad-answer$/);
    });
  }

  it("are one group when they are one text, and unreadable in other shapes", async () => {
    tenant.profile = { ...storedProfile, groups: "Finance, EU" };
    assert.deepEqual((await load().run(eventWithoutGroups)).idToken, { [claim]: ["Finance, EU"] });
    for (const groups of [7, { name: "Admins" }, [{ name: "Admins" }], ["Finance", 7]]) {
      tenant.profile = { ...storedProfile, groups };
      assert.match((await load().run(eventWithoutGroups)).lines[0] ?? "", /outcome=unreadable$/);
    }
    tenant.profile = { ...storedProfile, groups: null };
    assert.match((await load().run(eventWithoutGroups)).lines[0] ?? "", /outcome=missing$/);
  });

  for (const endpoint of ["token", "user"] as const) {
    it(`follow no redirection of the ${endpoint} request, with or without what it carries`, async () => {
      const elsewhere = await startFaultyTenant();
      try {
        for (const address of [`${elsewhere.address}/oauth/token`, "/elsewhere"]) {
          const action = load();
          tenant.elsewhere = address;
          tenant[endpoint] = ["redirect"];
          const run = await action.run(eventWithoutGroups);
          assert.deepEqual(run.idToken, {});
          assert.match(run.lines[0] ?? "", /outcome=network$/);
        }
        assert.deepEqual(elsewhere.calls, []);
        assert.ok(tenant.calls.every(({ url }) => url !== "/elsewhere"));
      } finally {
        await elsewhere.close();
      }
    });
  }

  it("send the client secret nowhere but to the token endpoint, and print it nowhere", async () => {
    tenant.user = ["401"];
    const run = await load().run(eventWithoutGroups);
    for (const call of tenant.calls.filter(({ url }) => url !== "/oauth/token")) {
      assert.doesNotMatch(JSON.stringify(call), /machine-secret/);
    }
    assert.doesNotMatch(run.lines.join(), /machine|token-|Bearer/);
  });
});
