import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchOver } from "../../../packages/local-tenant/src/lib/browser.ts";
import { MINIMAL, withCompany } from "../../support/company.ts";
import type { CompanyCopy } from "../../support/company.ts";
import { freePort } from "../../../packages/local-tenant/test/support/free-port.ts";
import { npmStart } from "../../support/npm-start.ts";

const WIKI = {
  name: "wiki",
  displayName: "Acme Wiki",
  callbacks: ["https://wiki.acme.example/callback"],
  logoutUrls: [],
};
const RISK_CHECK = { actionId: "6fff6728-0000-4000-8000-000000000000", displayName: "Risk check" };
const TERMS = { actionId: "7fff6728-0000-4000-8000-000000000000", displayName: "Terms of use" };
const TWO_APPLICATIONS = {
  ...MINIMAL,
  "workforce-sso:applications": [...(MINIMAL["workforce-sso:applications"] as unknown[]), WIKI],
  "workforce-sso:postLoginBefore": [RISK_CHECK],
  "workforce-sso:postLoginAfter": [TERMS],
};

describe("npm start with a company's file", function () {
  this.timeout(120_000);

  const run = async ({ root }: CompanyCopy, ...args: string[]) => {
    const all = ["--once", `--port=${await freePort()}`, ...args];
    const started = npmStart(join(root, ".local"), all, {}, root);
    try {
      return { code: await started.ended, stdout: started.stdout(), stderr: started.stderr() };
    } finally {
      started.child.kill("SIGKILL");
    }
  };

  it("lets stand-ins run for Actions that only the real tenant has, and says so in one line", async () => {
    await withCompany(async (company) => {
      company.configure(TWO_APPLICATIONS);
      const { code, stdout, stderr } = await run(company, "--no-engine", "--json");
      assert.equal(code, 0, stderr);
      const { trace } = JSON.parse(stdout) as { trace: { actions: { id: string; name: string }[] } };
      const [before, , after] = trace.actions;
      assert.deepEqual([before?.id, before?.name], [RISK_CHECK.actionId, RISK_CHECK.displayName]);
      assert.deepEqual([after?.id, after?.name], [TERMS.actionId, TERMS.displayName]);
      assert.match(
        stderr,
        /^The real tenant's Actions "Risk check", "Terms of use" are not here: stand-ins.*$/m,
      );
    });
  });

  it("signs in to the application that is named, and to the first one else", async () => {
    await withCompany(async (company) => {
      company.configure(TWO_APPLICATIONS);
      const { code, stdout, stderr } = await run(company, "--no-engine", "--json", "--application=wiki");
      assert.equal(code, 0, stderr);
      const report = JSON.parse(stdout) as { application: string; trace: { client: { name: string } } };
      assert.deepEqual([report.application, report.trace.client.name], ["wiki", "Acme Wiki"]);
      assert.match((await run(company, "--no-engine")).stdout, /Ada Lindqvist signed in to admin-portal/);
    });
  });

  it("signs an employee of a second directory in over that one's connection, where the application lets it in", async () => {
    await withCompany(async (company) => {
      const file = join(company.root, "local", "directory.json");
      const directory = JSON.parse(readFileSync(file, "utf8")) as { employees: object[] };
      const guest = {
        ...directory.employees[0],
        id: "0b2eb181-276f-479c-8c22-e8bc75b6de32",
        email: "gil@partner.example",
        name: "Gil Partner",
        groups: ["Acme Wiki Readers", "Something else"],
      };
      const partner = {
        company: "Partner",
        tenantDomain: "partner.onmicrosoft.com",
        employees: [guest],
        groups: guest.groups.map((name, index) => ({
          id: `0000000${index}-276f-479c-8c22-e8bc75b6de32`,
          name,
        })),
      };
      writeFileSync(file, JSON.stringify({ ...directory, directories: [partner] }));
      const {
        "workforce-sso:azureTenantDomain": tenantDomain,
        "workforce-sso:azureClientId": clientId,
        ...rest
      } = MINIMAL;
      company.configure({
        ...rest,
        "workforce-sso:directories": [
          { name: "acme", tenantDomain, clientId },
          {
            name: "partner",
            tenantDomain: partner.tenantDomain,
            clientId,
            groupPolicy: { include: ["Acme *"] },
          },
        ],
        "workforce-sso:applications": [
          ...(MINIMAL["workforce-sso:applications"] as unknown[]),
          { ...WIKI, directories: ["acme", "partner"] },
        ],
      });
      const args = ["--no-engine", "--employee=gil", "--json"];
      const { code, stdout, stderr } = await run(company, ...args, "--application=wiki");
      assert.equal(code, 0, stderr);
      const report = JSON.parse(stdout) as {
        groups: string[];
        claims: Record<string, unknown>;
        groupsClaim: string;
      };
      assert.deepEqual(report.groups, guest.groups);
      assert.deepEqual(report.claims[report.groupsClaim], ["Acme Wiki Readers"]);
      const refused = await run(company, ...args);
      assert.equal(refused.code, 1);
      assert.match(
        refused.stderr,
        /^Error: gil@partner\.example cannot sign in to admin-portal, which lets in only XYZ\. .*--application/m,
      );
    });
  });

  it("refuses an application that the stack does not have, with those that it has", async () => {
    await withCompany(async (company) => {
      company.configure(TWO_APPLICATIONS);
      const { code, stderr } = await run(company, "--no-engine", "--application=wikki");
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^Error: The stack has no application "wikki"\. Did you mean wiki\? .*admin-portal, wiki\.\n$/m,
      );
    });
  });

  it("offers each application in the console, and leaves the company's file as it is", async () => {
    await withCompany(async (company) => {
      company.configure(TWO_APPLICATIONS);
      const file = join(company.root, "Pulumi.dev.yaml");
      const before = readFileSync(file, "utf8");
      const port = await freePort();
      const folder = join(company.root, ".local");
      const started = npmStart(folder, ["--no-engine", `--port=${port}`], {}, company.root);
      try {
        await started.waitFor("Ctrl-C to stop.");
        const ca = readFileSync(join(folder, "tls", "ca.pem"), "utf8");
        const { body } = await fetchOver(`https://localhost:${port}/`, { ca });
        const buttons = [...body.matchAll(/<button[^>]*aria-label="Sign in to ([^"]*)"/g)];
        assert.deepEqual(buttons.map(([, name]) => name).toSorted(), ["Acme Wiki", "admin-portal"]);
        assert.equal(readFileSync(file, "utf8"), before);
      } finally {
        started.child.kill("SIGKILL");
        await started.ended;
      }
    });
  });

  it("says each error of the configuration once, and in the last line the first of them and how many more", async () => {
    await withCompany(async (company) => {
      company.configure({
        ...MINIMAL,
        "workforce-sso:tokens": ["idd"],
        "workforce-sso:onMissingGroups": "nix",
        "workforce-sso:managementApiTimeoutMs": 1.5,
      });
      for (const way of [["--no-engine"], []]) {
        const { code, stdout, stderr } = await run(company, ...way);
        assert.equal(code, 1, stderr);
        assert.equal(stdout, "");
        const last = /^Error: (.*)\n$/m.exec(stderr)?.[1] ?? "";
        const listed = stderr.slice(0, -last.length);
        for (const key of ["tokens", "onMissingGroups", "managementApiTimeoutMs"]) {
          assert.equal(listed.split(`workforce-sso:${key}`).length - 1, 1, stderr);
        }
        assert.match(
          last,
          /has 3 errors: workforce-sso:\w+.* 2 more are listed above\. Correct that and start again\.$/,
        );
      }
    });
  });

  it("names file, line and column of a syntax error in the Action once, and no stack", async () => {
    await withCompany(async (company) => {
      const file = join(company.root, "action", "post-login.ts");
      const source = readFileSync(file, "utf8");
      const lines = source.trimEnd().split("\n").length;
      writeFileSync(file, `${source.trimEnd()}\nconst x = ;\n`);
      const { code, stderr } = await run(company);
      assert.equal(code, 1);
      const place = `action/post-login.ts:${lines + 1}:11: Unexpected ";"`;
      assert.equal(stderr.split(place).length - 1, 1, stderr);
      assert.doesNotMatch(stderr, /^\s+at /m);
    });
  });

  it("names file, line and column of what cannot be read, and what was expected there", async () => {
    const breakages = [
      [
        "Pulumi.dev.yaml",
        "config:\n  a: b\n c: d\n",
        /Pulumi\.dev\.yaml:3:1 is not YAML: expected the line to be/,
      ],
      [
        "Pulumi.yaml",
        "name: workforce-sso\nconfig: a: b\n",
        /Pulumi\.yaml:2:9 is not YAML: expected one value/,
      ],
      [
        "local/directory.json",
        '{\n  "company": "Acme"\n  "x": 1\n}',
        /directory\.json:3:3 is not JSON: expected a comma/,
      ],
      ["stack/login-flow.ts", "const x = ;\n", /^Error: .*stack\/login-flow\.ts:1:11: Unexpected ";"$/m],
    ] as const;
    for (const [name, text, complaint] of breakages) {
      await withCompany(async (company) => {
        writeFileSync(join(company.root, name), text);
        const { code, stderr } = await run(company);
        assert.equal(code, 1);
        assert.match(stderr, complaint);
        assert.equal(stderr.match(/^Error: /gm)?.length, 1, stderr);
        assert.doesNotMatch(stderr, /^\s+at /m);
      });
    }
  });
});
