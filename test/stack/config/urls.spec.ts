import assert from "node:assert/strict";
import { browserUrlProblem, originProblem } from "../../../stack/config/urls.ts";
import { adminPortal, assertConfigError, load } from "../../support/config-errors.ts";

const withCallback = (url: string) => ({ applications: [{ ...adminPortal, callbacks: [url] }] });
const example = "https://reports.xyz.example/oidc/callback/";
const mend = (url: string) => `pulumi config set --path "applications[0].callbacks[0]" ${url}`;

describe("a URL that browsers are sent to", () => {
  for (const url of [
    "http://localhost:8000/cb",
    "http://portal.localhost/cb",
    "http://127.0.0.1/cb",
    "http://[::1]:9/cb",
    "https://a.example/cb",
    "https://a.example",
    "https://a.example/cb?x=1&y=%20",
    "https://10.0.0.5:8443/cb",
    "https://[2001:db8::1]/cb",
    "https://intranet/cb",
    "https://xn--bcher-kva.example/cb",
  ]) {
    it(`is good as ${url}`, () => {
      assert.deepEqual(load(withCallback(url)).applications[0]?.callbacks, [url]);
    });
  }

  for (const [url, problem] of [
    ["admin", /which is not a URL/],
    ["javascript:alert(1)", /which is not an http\(s\) URL/],
    ["ftp://a.example/", /which is not an http\(s\) URL/],
    ["http://admin.xyz.example/", /which must use https, because it is not on this machine/],
    ["http://localhost.evil.example/", /which must use https, because it is not on this machine/],
    ["http://0.0.0.0/", /which must use https, because it is not on this machine/],
    ["https://admin.xyz.example/#token", /which has a fragment/],
    ["https://admin.xyz.example/#", /which has a fragment/],
    ["https://me:pw@admin.xyz.example/", /which carries a user name or a password/],
    ["https://a.example@b.example/", /which carries a user name or a password/],
    ["https://a.example/ cb", /white space or a control character/],
    [" https://a.example/cb", /white space or a control character/],
    ["https://a.example/c\tb", /a control character/],
    ["https://a.example/cb\n", /a control character/],
    ["https://a.example/\u00a0cb", /white space or a control character/],
    ["https://a.example/cb,https://b.example/cb", /a comma, and Auth0 splits lists at commas/],
    [
      "https://{organization_name}.a.example/cb",
      /whose placeholder \{organization_name\} lets others decide/,
    ],
    [
      "https://a.example/{organization_name}/cb",
      /whose placeholder \{organization_name\} lets others decide/,
    ],
    ["https://a.example/}", /whose placeholder \} lets others decide/],
    ["https://*.a.example/cb", /whose host is a wildcard/],
    ["https://a.example./cb", /whose host ends with a dot/],
    ["https://a..example/cb", /whose host has one dot too many/],
    ["https://a.example:0/cb", /whose port is 0/],
    ["https://a.example:99999/cb", /which is not a URL/],
    ["https://a.example/cb/*", /which contains a \*/],
    ["https://a.example/%0a", /whose %0a encodes no character, or a control character/],
    ["https://a.example/%00", /whose %00 encodes no character, or a control character/],
    ["https://a.example/%zz", /whose % encodes no character, or a control character/],
    ["http://[::ffff:127.0.0.1]/cb", /which must use https, because it is not on this machine/],
    [`https://a.example/${"a".repeat(2048)}`, /which has 2066 characters, and Auth0 accepts at most 2048/],
  ] as const) {
    it(`is refused as ${JSON.stringify(url.slice(0, 60))}`, () => {
      assertConfigError(withCallback(url), problem, mend(example));
    });
  }

  for (const [url, read] of [
    ["https:a.example/cb", "https://a.example/cb"],
    ["https:/a.example/cb", "https://a.example/cb"],
    ["https:///a.example/cb", "https://a.example/cb"],
    ["https:\\\\a.example\\cb", "https://a.example/cb"],
    ["HTTPS://a.example/cb", "https://a.example/cb"],
    ["https://A.Example/cb", "https://a.example/cb"],
    ["https://a.example:443/cb", "https://a.example/cb"],
    ["http://localhost:80/cb", "http://localhost/cb"],
    ["http://127.1/cb", "http://127.0.0.1/cb"],
    ["http://0x7f000001/cb", "http://127.0.0.1/cb"],
    ["https://a.example/x/../cb", "https://a.example/cb"],
    ["https://a.example?x=1", "https://a.example/?x=1"],
    ["https://bücher.example/cb", "https://xn--bcher-kva.example/cb"],
    ["https://a.example/é", "https://a.example/%C3%A9"],
  ] as const) {
    it(`is offered as browsers read it instead of ${url}`, () => {
      assertConfigError(
        withCallback(url),
        new RegExp(`which browsers read as ${escaped(read)}$`),
        mend(quoted(read)),
      );
      assert.equal(browserUrlProblem(read), undefined);
    });
  }

  it("is checked wherever one is configured", () => {
    for (const [field, at] of [
      ["logoutUrls", "https://reports.xyz.example/"],
      ["webOrigins", "https://reports.xyz.example"],
    ]) {
      assertConfigError(
        { applications: [{ ...adminPortal, [field as string]: ["https://*.a.example"] }] },
        new RegExp(
          `applications\\[0\\]\\.${field}\\[0\\] is "https://\\*\\.a\\.example", whose host is a wildcard`,
        ),
        `pulumi config set --path "applications[0].${field}[0]" ${at}`,
      );
    }
  });
});

describe("an origin", () => {
  for (const [text, instead] of [
    ["https://a.example/", "https://a.example"],
    ["https://a.example/app?x", "https://a.example"],
    ["https://A.example:443", "https://a.example"],
  ] as const) {
    it(`is offered instead of ${text}`, () => {
      assert.equal(originProblem(text)?.instead, instead);
      assert.equal(originProblem(instead), undefined);
    });
  }
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text}'`;
}
