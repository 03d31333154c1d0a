import assert from "node:assert/strict";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { perSuite } from "../support/per-suite.ts";
import { startTestTenant } from "../support/tenant.ts";

const DAY = 86_400_000;

describe("how long a refresh token is good", () => {
  let now = Date.now();
  const test = perSuite(() => startTestTenant({ now: () => now }));

  const expiring = { expiration_type: "expiring" };
  const cases: [what: string, settings: Record<string, unknown>, times: readonly number[], ends: number][] = [
    ["for ever by the defaults", {}, [29 * DAY, 400 * DAY], Infinity],
    ["15 days unused where it expires", expiring, [15 * DAY - 1], 15 * DAY],
    ["30 days where it expires, however often it is used", expiring, [10 * DAY, 10 * DAY, 10 * DAY - 1], 1],
    [
      "as long as it is used where its lifetime is infinite",
      { ...expiring, token_lifetime: 60, infinite_token_lifetime: true },
      [14 * DAY, 14 * DAY, 14 * DAY],
      15 * DAY,
    ],
    [
      "its whole lifetime where its idle time is infinite",
      { ...expiring, idle_token_lifetime: 60, infinite_idle_token_lifetime: true },
      [30 * DAY - 1],
      1,
    ],
    [
      "as long as the client's settings say",
      { ...expiring, token_lifetime: 100, idle_token_lifetime: 60 },
      [59_999, 40_000],
      1,
    ],
    [
      "its idle time also where only that is limited",
      { expiration_type: "non-expiring", infinite_idle_token_lifetime: false, idle_token_lifetime: 60 },
      [59_999, 59_999, 59_999],
      60_000,
    ],
    [
      "for ever where a limit is named that does not count",
      { expiration_type: "non-expiring", token_lifetime: 60, idle_token_lifetime: 60 },
      [100 * DAY],
      Infinity,
    ],
  ];
  for (const rotation_type of ["rotating", "non-rotating"]) {
    for (const [what, settings, times, ends] of cases) {
      it(`${what}, ${rotation_type}`, async () => {
        const agent = new Agent(test);
        const { client, ...rest } = addApplication(test, {
          client: { refresh_token: { rotation_type, ...settings } },
        });
        let { refresh_token } = await agent.tokens({ client, ...rest }, { scope: "openid offline_access" });
        const refresh = async () => {
          const { client_id, client_secret } = client;
          const answer = await agent.token({
            grant_type: "refresh_token",
            client_id,
            client_secret,
            refresh_token,
          });
          refresh_token = answer.json<Record<string, string>>()["refresh_token"] ?? refresh_token;
          return answer.statusCode;
        };
        for (const [index, time] of times.entries()) {
          now += time;
          assert.equal(await refresh(), 200, `use ${index}`);
        }
        if (ends === Infinity) return;
        now += ends;
        assert.equal(await refresh(), 403);
      });
    }
  }
});
