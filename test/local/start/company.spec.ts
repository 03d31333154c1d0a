import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fetchOver } from "../../../local/browser.ts";
import { MINIMAL, withCompany } from "../../support/company.ts";
import type { CompanyCopy } from "../../support/company.ts";
import { freePort, npmStart } from "../../support/npm-start.ts";

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
    const all = ["--once", "--no-engine", `--port=${await freePort()}`, ...args];
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
      const { code, stdout, stderr } = await run(company, "--json");
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
      const { code, stdout, stderr } = await run(company, "--json", "--application=wiki");
      assert.equal(code, 0, stderr);
      const report = JSON.parse(stdout) as { application: string; trace: { client: { name: string } } };
      assert.deepEqual([report.application, report.trace.client.name], ["wiki", "Acme Wiki"]);
      assert.match((await run(company)).stdout, /Ada Lindqvist signed in to admin-portal/);
    });
  });

  it("refuses an application that the stack does not have, with those that it has", async () => {
    await withCompany(async (company) => {
      company.configure(TWO_APPLICATIONS);
      const { code, stderr } = await run(company, "--application=wikki");
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
});
