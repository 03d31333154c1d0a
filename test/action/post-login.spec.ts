import assert from "node:assert/strict";
import fc from "fast-check";
import type { GroupPolicy } from "../../action/settings.ts";
import type { PostLoginEvent } from "../../action/types.ts";
import { encodeClientMetadata } from "../../action/client-metadata.ts";
import { event, eventWithoutGroups, loadAction, settings } from "./support/bundled-action.ts";

const claim = settings.groupsClaim;
const free = { groupSources: ["event", "directory-sync"] } as const;

function forApplication(groupPolicy: GroupPolicy, groupsRequired?: boolean): PostLoginEvent {
  const metadata = encodeClientMetadata({
    groupPolicy,
    ...(groupsRequired === undefined ? {} : { groupsRequired }),
  });
  return { ...event, client: { metadata } };
}

describe("the post-login Action", () => {
  it("puts the event's groups into the ID token, sorted, and says so in one line", async () => {
    const run = await loadAction(free).run(event);
    assert.deepEqual(run.idToken, { [claim]: ["All staff", "Finance"] });
    assert.deepEqual(run.accessToken, {});
    assert.deepEqual(run.denials, []);
    assert.equal(run.lines.length, 1);
    assert.match(run.lines[0] ?? "", /^workforce-sso source=event groups=2 ms=\d+ outcome=ok$/);
  });

  it("requires no package while the event has the groups", async () => {
    const action = loadAction();
    await action.run(event);
    assert.deepEqual(action.required, []);
  });

  for (const protocol of ["oidc-basic-profile", "oauth2-refresh-token", undefined]) {
    it(`does the same for the protocol ${protocol}`, async () => {
      const transaction = protocol === undefined ? {} : { protocol };
      const run = await loadAction(free).run({ ...event, transaction });
      assert.deepEqual(run.idToken, { [claim]: ["All staff", "Finance"] });
    });
  }

  it("writes to each token that the settings name, and to no other", async () => {
    const access = await loadAction({ ...free, tokens: ["access"] }).run(event);
    assert.deepEqual([access.idToken, access.accessToken], [{}, { [claim]: ["All staff", "Finance"] }]);
    const both = await loadAction({ ...free, tokens: ["id", "access", "saml"] }).run(event);
    assert.deepEqual(both.idToken, both.accessToken);
    assert.deepEqual(both.saml, {});
  });

  it("writes a SAML sign-in's groups to the assertion, within the 2 kB of an attribute", async () => {
    const groups = Array.from({ length: 90 }, (_, index) => `A department with a long name ${index}`);
    const saml = { ...event, transaction: { protocol: "samlp" }, user: { ...event.user, groups } };
    const run = await loadAction({ ...free, tokens: ["id", "saml"] }).run(saml);
    assert.deepEqual(run.idToken, {});
    assert.ok(Buffer.byteLength(JSON.stringify(run.saml[claim])) <= 2000);
    assert.equal(run.saml[`${claim}_truncated`], true);
    assert.match(run.lines[0] ?? "", /outcome=capped$/);
  });

  it("marks a claim that was cut, and keeps the same groups each time", async () => {
    const groups = Array.from({ length: 5000 }, (_, index) => `Group ${index}`);
    const action = loadAction(free);
    const run = await action.run({ ...event, user: { ...event.user, groups } });
    const again = await action.run({ ...event, user: { ...event.user, groups: groups.reverse() } });
    assert.equal((run.idToken[claim] as string[]).length, 100);
    assert.equal(run.idToken[`${claim}_truncated`], true);
    assert.deepEqual(again.idToken, run.idToken);
    assert.match(run.lines[0] ?? "", /groups=100 ms=\d+ outcome=capped( |$)/);
  });

  it("lets an application name the groups, and narrow what the stack lets through", async () => {
    const action = loadAction({ ...free, groupPolicy: { exclude: ["All *"], stripPrefix: "Fin" } });
    assert.deepEqual((await action.run(event)).idToken, { [claim]: ["ance"] });
    const own = await action.run(forApplication({ stripPrefix: "", rename: { Finance: "money" } }));
    assert.deepEqual(own.idToken, { [claim]: ["money"] });
    assert.deepEqual((await action.run(forApplication({ exclude: ["Finance"] }))).idToken, {});
  });

  it("lets no application's metadata out of the stack's policy, whoever edited it", async () => {
    const groups = ["App-1", "App-2", "App-Secret", "Domain Admins"];
    const user = { ...event.user, groups, group_ids: ["id-of-admins"] };
    const stack = { include: ["App-*"], exclude: ["*-Secret"], maxCount: 1 };
    const action = loadAction({ ...free, groupPolicy: stack });
    const policies: GroupPolicy[] = [
      { include: [] },
      { include: ["*"] },
      { exclude: [] },
      { maxCount: 5000, maxBytes: 90_000 },
      { identifier: "id" },
      { identifier: "id", include: ["id-of-admins"] },
      { include: ["Domain Admins"], rename: { "Domain Admins": "App-2" } },
    ];
    for (const policy of policies) {
      const { idToken } = await action.run({ ...forApplication(policy), user });
      const written = (idToken[claim] ?? []) as string[];
      assert.ok(written.length <= 1 && written.every((name) => name === "App-1"), JSON.stringify(policy));
    }
  });

  it("keeps the employees of a directory inside that directory's policy, which is inside the stack's", async () => {
    const groups = ["App-1", "App-2", "Sub-1"];
    const elsewhere = { ...event, connection: { id: "con_2", name: "constructor" } };
    const user = { user_id: "waad|bob", groups, identities: [{ connection: "constructor" }] };
    const changes = {
      ...free,
      connections: ["azure-ad", "constructor", "toString"],
      groupPolicy: { include: ["App-*"] },
    };
    const own = JSON.parse('{"constructor":{"include":["*-1"],"stripPrefix":"App-"}}') as Record<
      string,
      GroupPolicy
    >;
    const action = loadAction({ ...changes, directoryPolicies: own });
    assert.deepEqual((await action.run({ ...elsewhere, user })).idToken, { [claim]: ["1"] });
    const named = {
      ...elsewhere,
      user,
      client: forApplication({ stripPrefix: "", include: ["App-*"] }).client ?? {},
    };
    assert.deepEqual((await action.run(named)).idToken, { [claim]: ["App-1"] });
    // Nobody else's, also not what every object has by that name.
    const other = { ...event, user: { ...event.user, groups } };
    assert.deepEqual((await action.run(other)).idToken, { [claim]: ["App-1", "App-2"] });
    const name = "toString";
    const third = {
      ...elsewhere,
      connection: { id: "con_3", name },
      user: { ...user, identities: [{ connection: name }] },
    };
    assert.deepEqual((await action.run(third)).idToken, { [claim]: ["App-1", "App-2"] });
  });

  it("gives object ids when the policy asks for them, and lets it speak of ids then", async () => {
    const run = await loadAction({
      ...free,
      groupPolicy: { identifier: "id", exclude: ["id-1"], rename: { "id-2": "finance", Finance: "no" } },
    }).run(event);
    assert.deepEqual(run.idToken, { [claim]: ["finance"] });
  });

  it("gives nothing when an application's policy cannot be read", async () => {
    const run = await loadAction(free).run({
      ...event,
      client: { metadata: { group_policy: '{"include":' } },
    });
    assert.deepEqual(run.idToken, {});
    assert.match(run.lines[0] ?? "", /outcome=bad-policy$/);
  });

  it("gives nothing when an application's policy has fields of other types", async () => {
    const policies = [
      '{"include":"A"}',
      '{"include":""}',
      '{"include":{}}',
      '{"include":true}',
      '{"include":[1]}',
      '{"exclude":{}}',
      '{"exclude":null}',
      '{"rename":{"All staff":7,"Finance":["Admins"]}}',
      '{"maxCount":"x"}',
      '{"maxCount":null}',
      '{"maxBytes":-1}',
    ];
    for (const policy of policies) {
      const run = await loadAction(free).run({ ...event, client: { metadata: { group_policy: policy } } });
      assert.deepEqual(run.idToken, {}, policy);
    }
  });

  it("keeps a claim below what makes Auth0 fail the sign-in, whatever cap an application's metadata names", async () => {
    const groups = Array.from({ length: 1000 }, (_, index) => `${"x".repeat(100)}${index}`);
    for (const cap of ["1e9", "1e999", '"Infinity"', '"1000000"']) {
      const metadata = { group_policy: `{"maxCount":${cap},"maxBytes":${cap}}` };
      const user = { ...event.user, groups };
      const { idToken, lines } = await loadAction(free).run({ ...event, client: { metadata }, user });
      assert.ok(Buffer.byteLength(JSON.stringify(idToken)) < 91_000, cap);
      assert.match(lines[0] ?? "", /outcome=capped/);
    }
  });

  it("serves every connection of a strategy that is configured, and the connections by name", async () => {
    const elsewhere = { ...event, connection: { id: "con_2", name: "subsidiary", strategy: "waad" } };
    const user = { user_id: "waad|bob", groups: ["Finance"], identities: [{ connection: "subsidiary" }] };
    const groups = { [claim]: ["Finance"] };
    for (const changes of [{ strategies: ["waad"] }, { connections: ["azure-ad", "subsidiary"] }]) {
      assert.deepEqual(
        (await loadAction({ ...free, ...changes }).run({ ...elsewhere, user })).idToken,
        groups,
      );
    }
    assert.deepEqual(
      (await loadAction({ ...free, strategies: ["samlp"] }).run({ ...elsewhere, user })).idToken,
      {},
    );
  });

  it("leaves other connections alone, and does not deny them by the stack's default", async () => {
    const guest = { ...event, connection: { id: "con_db", name: "customers" } };
    const run = await loadAction({ ...free, onMissingGroups: "deny" }).run(guest);
    assert.deepEqual(run.idToken, {});
    assert.deepEqual(run.denials, []);
    assert.match(run.lines[0] ?? "", /source=none groups=0 ms=\d+ outcome=skipped$/);
  });

  it("denies another connection's account at an application that requires groups", async () => {
    const guest = { ...forApplication({}, true), connection: { id: "con_db", name: "customers" } };
    const run = await loadAction(free).run(guest);
    assert.equal(run.denials.length, 1);
  });

  it("denies, where groups are required, an employee who has none or none that the policy keeps", async () => {
    const action = loadAction({ ...free, onMissingGroups: "deny" });
    const none = await action.run({ ...event, user: { ...event.user, groups: [] } });
    const filtered = await action.run(forApplication({ include: ["Nobody"] }));
    assert.match(none.lines[0] ?? "", /source=event groups=0 ms=\d+ outcome=empty login=denied$/);
    assert.match(filtered.lines[0] ?? "", /source=event groups=0 ms=\d+ outcome=filtered login=denied$/);
    for (const { denials, idToken } of [none, filtered]) {
      assert.deepEqual(denials, [
        "This application needs directory groups, and none could be had for this account.",
      ]);
      assert.deepEqual(idToken, {});
    }
  });

  it("lets the application's own word on missing groups win over the stack's", async () => {
    const action = loadAction({ ...free, onMissingGroups: "deny" });
    const run = await action.run({ ...forApplication({}, false), user: { ...event.user, groups: [] } });
    assert.deepEqual(run.denials, []);
  });

  it("never reads groups that a person can set", async () => {
    const metadata = { groups: ["Admins"], group_ids: ["admins"] };
    const user = { user_id: "waad|eve", user_metadata: metadata, app_metadata: metadata };
    const run = await loadAction(free).run({ ...event, user });
    assert.deepEqual(run.idToken, {});
    assert.match(run.lines[0] ?? "", /outcome=missing$/);
  });

  for (const [what, groups] of Object.entries({
    "a number": 7,
    true: true,
    "an object": { name: "Finance" },
    "a list of objects": [{ name: "Finance" }],
    "a list with one number": ["Finance", 7],
    "a list with a list": ["Finance", ["Admins"]],
    "a list with null": ["Finance", null],
  })) {
    it(`calls ${what} in place of groups unreadable, and asks the next source`, async () => {
      const run = await loadAction({ ...free, onMissingGroups: "deny" }).run({
        ...event,
        user: { ...event.user, groups },
      });
      assert.deepEqual(run.idToken, {});
      assert.match(run.lines[0] ?? "", /source=none .* outcome=unreadable login=denied$/);
      const byId = loadAction({ ...free, groupPolicy: { identifier: "id" } });
      const ids = await byId.run({ ...event, user: { ...event.user, group_ids: groups } });
      assert.match(ids.lines[0] ?? "", /outcome=unreadable$/);
      const synced = { groups: [{ name: "Synced", connection_id: "con_azure" }] };
      const next = await loadAction(free).run(
        { ...event, user: { ...event.user, groups } },
        { getUserGroups: async () => synced },
      );
      assert.deepEqual(next.idToken, { [claim]: ["Synced"] });
    });
  }

  it("says that groups were unreadable whatever became of the sources after that", async () => {
    const run = await loadAction(free).run(
      { ...event, user: { ...event.user, groups: 7 } },
      { getUserGroups: async () => Promise.reject(new Error("down")) },
    );
    assert.match(run.lines[0] ?? "", /outcome=unreadable$/);
  });

  it("takes one text for one group, commas and all", async () => {
    const user = { ...event.user, groups: "Finance, EU,Sales", group_ids: "id-1" };
    assert.deepEqual((await loadAction(free).run({ ...event, user })).idToken, {
      [claim]: ["Finance, EU,Sales"],
    });
    const ids = loadAction({ ...free, groupPolicy: { identifier: "id" } });
    assert.deepEqual((await ids.run({ ...event, user })).idToken, { [claim]: ["id-1"] });
  });

  for (const groups of [null, undefined]) {
    it(`takes ${groups} for groups that are not there`, async () => {
      const run = await loadAction(free).run({ ...event, user: { ...event.user, groups } });
      assert.match(run.lines[0] ?? "", /outcome=missing$/);
    });
  }

  it("carries hostile names through settings, metadata and claim unchanged", async () => {
    const groups = ["__proto__", 'say "hi"', "back\\slash", "</script>", "${x}", "Wächter 👩‍🚒 𝒢"];
    const rename = JSON.parse('{"__proto__":"root"}') as Record<string, string>;
    const user = { ...event.user, groups };
    const run = await loadAction({ ...free, groupPolicy: { rename } }).run({ ...event, user });
    const expected = ["root", ...groups.slice(1)].sort();
    assert.deepEqual(run.idToken, { [claim]: expected });
    const own = { ...forApplication({ rename }), user };
    assert.deepEqual((await loadAction(free).run(own)).idToken, { [claim]: expected });
  });

  it("never passes the caps, makes up a group or depends on their order, from none to 5,000 of any name", async () => {
    const action = loadAction(free);
    const hostile = fc.constantFrom(
      "__proto__",
      "constructor",
      'say "hi"',
      "tab\t",
      "𝒢👩‍🚒",
      "\ud800",
      "</script>",
      "",
    );
    const group = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.string({ unit: "grapheme" }),
      hostile,
    );
    const some = fc
      .tuple(fc.array(group, { maxLength: 40 }), fc.nat({ max: 5000 }))
      .map(([names, count]) =>
        [...names, ...Array.from({ length: count }, (_, index) => `Group ${index}`)].slice(0, 5000),
      );
    const policy = fc.record({ maxCount: fc.nat({ max: 5000 }), maxBytes: fc.nat({ max: 50_000 }) });
    await fc.assert(
      fc.asyncProperty(some, policy, async (groups, caps) => {
        const who = { ...forApplication(caps), user: { ...event.user, groups } };
        const { idToken, lines } = await action.run(who);
        const written = (idToken[claim] ?? []) as string[];
        assert.ok(written.length <= caps.maxCount);
        assert.ok(written.length === 0 || Buffer.byteLength(JSON.stringify(written)) <= caps.maxBytes);
        assert.ok(written.every((name) => groups.includes(name)));
        assert.deepEqual(written, [...new Set(written)].sort());
        const cut = written.length > 0 && /outcome=capped( |$)/.test(lines[0] ?? "");
        assert.equal(idToken[`${claim}_truncated`], cut ? true : undefined);
        const reversed = { ...who, user: { ...event.user, groups: groups.toReversed() } };
        assert.deepEqual((await action.run(reversed)).idToken, idToken);
      }),
      { numRuns: 60 },
    );
  });

  it("ends a fault in its own code like missing groups", async () => {
    const broken = {
      ...event,
      get user(): never {
        throw new Error("personal data");
      },
    };
    const run = await loadAction({ ...free, onMissingGroups: "deny" }).run(broken);
    assert.equal(run.denials.length, 1);
    assert.match(
      run.lines[0] ?? "",
      /^workforce-sso source=none groups=0 ms=\d+ outcome=fault login=denied$/,
    );
  });

  it("ends a fault before the first source like missing groups, too", async () => {
    const unreadable = {
      get metadata(): never {
        throw new Error("personal data");
      },
    };
    for (const broken of [undefined, null, { ...event, client: unreadable }]) {
      // SAFETY: what no version of Auth0 sends.
      const run = await loadAction({ ...free, onMissingGroups: "deny" }).run(
        broken as unknown as PostLoginEvent,
      );
      assert.equal(run.denials.length, 1);
      assert.match(run.lines[0] ?? "", /outcome=fault login=denied$/);
    }
  });

  it("changes nothing of its event, and does without what it need not have", async () => {
    const frozen = deepFreeze(structuredClone(event));
    assert.deepEqual((await loadAction(free).run(frozen)).idToken, { [claim]: ["All staff", "Finance"] });
    const bare = await loadAction(free).run({});
    assert.match(bare.lines[0] ?? "", /outcome=skipped$/);
    const { connection, user } = event;
    const run = await loadAction().run({ ...(connection && { connection }), ...(user && { user }) });
    assert.deepEqual(run.idToken, { [claim]: ["All staff", "Finance"] });
  });

  it("never throws and always writes its line, whatever the event holds", async () => {
    const action = loadAction({ ...free, linkedIdentities: true });
    const odd = fc.anything({ withNullPrototype: true });
    const client = fc.oneof(
      odd,
      fc.record({ metadata: fc.dictionary(fc.constant("group_policy"), fc.json()) }),
    );
    const user = fc.oneof(
      odd,
      fc.record({ groups: fc.oneof(odd, fc.array(odd)), identities: fc.array(odd) }),
    );
    await fc.assert(
      fc.asyncProperty(client, user, odd, async (client, user, transaction) => {
        // SAFETY: whatever Auth0 may send one day.
        const run = await action.run({ ...event, client, user, transaction } as PostLoginEvent);
        assert.match(
          run.lines.join("\n"),
          /^workforce-sso source=\S+ groups=\d+ ms=\d+ outcome=\S+( profile=\S+)?$/,
        );
      }),
      { numRuns: 500 },
    );
  });

  it("says how large a profile is that nears Auth0's limit, and nothing of one that does not", async () => {
    const action = loadAction(free);
    const withBytes = (bytes: number): PostLoginEvent => {
      const user = { ...event.user, note: "" };
      // Two bytes each, so that characters and bytes are not the same.
      const rest = bytes - Buffer.byteLength(JSON.stringify(user));
      const padded = { ...user, note: "é".repeat(rest >> 1) + "x".repeat(rest & 1) };
      return { ...event, user: padded };
    };
    assert.match((await action.run(withBytes(8192))).lines[0] ?? "", /outcome=ok$/);
    assert.match((await action.run(withBytes(8193))).lines[0] ?? "", /outcome=ok profile=8\.2kB$/);
    const other = { ...withBytes(20_000), connection: { id: "con_db", name: "customers" } };
    assert.match((await action.run(other)).lines[0] ?? "", /outcome=skipped$/);
    const denied = await loadAction({
      ...free,
      onMissingGroups: "deny",
      groupPolicy: { include: ["Nobody"] },
    }).run(withBytes(1_000_000));
    assert.match(denied.lines[0] ?? "", / outcome=filtered login=denied profile=1000\.0kB$/);
    assert.ok((denied.lines[0] ?? "").length < 256);
  });

  it("says nothing about the person or the groups in its line", async () => {
    const run = await loadAction(free).run(event);
    assert.doesNotMatch(run.lines.join(), /ada|lovelace|Finance|staff|waad/i);
    assert.ok((run.lines[0] ?? "").length < 256);
  });

  it("has neither the SDK nor the branch in its bundle without the Management API", async () => {
    const action = loadAction(free);
    const run = await action.run(eventWithoutGroups);
    assert.deepEqual(action.required, []);
    assert.match(run.lines[0] ?? "", /outcome=missing$/);
  });
});

function deepFreeze<T>(value: T): T {
  for (const part of Object.values(value ?? {})) if (typeof part === "object") deepFreeze(part);
  return Object.freeze(value);
}

describe("a linked account", () => {
  const linked: PostLoginEvent = {
    ...event,
    user: {
      user_id: "auth0|1",
      groups: ["Set by another connection"],
      identities: [
        { connection: "customers", provider: "auth0", user_id: "1" },
        { connection: "azure-ad", provider: "waad", user_id: "2", profileData: { groups: ["Finance"] } },
      ],
    },
  };
  const withIdentities = (...identities: unknown[]): PostLoginEvent => ({
    ...linked,
    user: { ...linked.user, identities },
  });

  it("gets no groups, neither the primary account's nor its own", async () => {
    const run = await loadAction(free).run(linked);
    assert.deepEqual(run.idToken, {});
    assert.match(run.lines[0] ?? "", /outcome=linked$/);
  });

  it("gets its own groups when the settings say so", async () => {
    const run = await loadAction({ ...free, linkedIdentities: true }).run(linked);
    assert.deepEqual(run.idToken, { [claim]: ["Finance"] });
  });

  it("gets its own groups in any shape that is understood, and in no other", async () => {
    const action = loadAction({ ...free, linkedIdentities: true });
    const own = (groups: unknown): PostLoginEvent =>
      withIdentities({ connection: "customers" }, { connection: "azure-ad", profileData: { groups } });
    assert.deepEqual((await action.run(own("Sales, EU"))).idToken, { [claim]: ["Sales, EU"] });
    assert.match((await action.run(own([{ name: "Admins" }]))).lines[0] ?? "", /outcome=unreadable$/);
    assert.match((await action.run(own(null))).lines[0] ?? "", /outcome=missing$/);
  });

  it("gets nothing when the signed-in connection is not among the identities", async () => {
    const user = { ...linked.user, identities: [{ connection: "customers" }, null] };
    const run = await loadAction({ ...free, linkedIdentities: true }).run({ ...linked, user });
    assert.deepEqual(run.idToken, {});
  });

  const normal = {
    connection: "azure-ad",
    provider: "waad",
    user_id: "ada",
    profileData: { groups: ["Staff"] },
  };
  const strong = {
    connection: "azure-ad",
    provider: "waad",
    user_id: "adm-ada",
    profileData: { groups: ["Admins"] },
  };
  const pairs: [what: string, who: PostLoginEvent][] = [
    ["the strong one first", withIdentities(strong, normal)],
    ["the weak one first", withIdentities(normal, strong)],
    ["both behind another connection's", withIdentities({ connection: "customers" }, normal, strong)],
    ["another connection's between them", withIdentities(strong, { connection: "customers" }, normal)],
  ];
  for (const [what, who] of pairs) {
    it(`gets nothing when it is linked to another of the same connection, ${what}`, async () => {
      const synced = { groups: [{ name: "Synced", connection_id: "con_azure" }] };
      for (const linkedIdentities of [false, true]) {
        for (const source of ["event", "directory-sync", "management-api"] as const) {
          const action = loadAction({ groupSources: [source], linkedIdentities, onMissingGroups: "deny" });
          const run = await action.run(who, { getUserGroups: async () => synced });
          assert.deepEqual(run.idToken, {});
          assert.match(run.lines[0] ?? "", /source=none groups=0 ms=\d+ outcome=linked login=denied$/);
        }
      }
    });
  }

  it("gets nothing when its identities are not understood, which tells nothing of whose the root is", async () => {
    const lacking = [undefined, { connection: "customers" }];
    for (const identities of ["azure-ad", 7, true, { connection: "customers" }, lacking]) {
      const user = { ...linked.user, identities };
      const run = await loadAction({ ...free, linkedIdentities: true }).run({ ...linked, user });
      assert.match(run.lines[0] ?? "", /outcome=linked$/);
    }
  });
});
