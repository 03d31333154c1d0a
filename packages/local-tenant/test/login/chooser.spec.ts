import assert from "node:assert/strict";
import { loadDirectory } from "../../src/directory/directory.ts";
import type { Directory } from "../../src/directory/directory.ts";
import { addApplication } from "../support/application.ts";
import { Agent } from "../support/oauth.ts";
import { startTestTenant } from "../support/tenant.ts";
import { sampleDirectoryFile } from "../../../../test/support/sample.ts";

const sample = loadDirectory(sampleDirectoryFile);

/** The sample company with this many people, of whom each tenth is in Sales. */
function companyOf(count: number): Directory {
  const [first] = sample.employees;
  if (first === undefined) throw new Error("The sample company has nobody.");
  const employees = Array.from({ length: count }, (_, number) => ({
    ...first,
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    email: `p${number}@xyz.example`,
    department: number % 10 === 0 ? "Sales" : "Engineering",
  }));
  return { ...sample, employees, defaultEmployee: "p0@xyz.example" };
}

/** Who is on the page, in its order, and what it says of others. */
async function pageOf(
  directory: () => Directory,
  { hint, search = "" }: { hint?: string; search?: string } = {},
) {
  const test = await startTestTenant({ directory });
  try {
    const agent = new Agent(test);
    const redirect = await agent.authorize(addApplication(test), { login_hint: hint });
    const { body } = await agent.get(`${redirect.headers.location}&q=${search}`);
    const emails = [...body.matchAll(/<button name="employee" value="(p\d+)@/g)].map(([, name]) => name);
    return { emails, more: /<p>(\d+) more/.exec(body)?.[1], body };
  } finally {
    await test.close();
  }
}

describe("the employee chooser of a large company", () => {
  it("shows 200 people by department, counts the others, and neither counts nor shows a hinted one twice", async () => {
    const company = companyOf(250);
    const page = await pageOf(() => company);
    assert.deepEqual([page.emails.length, page.more], [200, "50"]);
    assert.deepEqual(page.emails.slice(178, 182), ["p198", "p199", "p0", "p10"]);
    const hinted = await pageOf(() => company, { hint: "p7@xyz.example" });
    assert.deepEqual([hinted.emails.length, hinted.more], [201, "49"]);
    assert.deepEqual(hinted.emails.slice(0, 3), ["p7", "p1", "p2"]);
    assert.equal(new Set(hinted.emails).size, 201);
    const last = await pageOf(() => company, { hint: "p249@xyz.example" });
    assert.deepEqual([last.emails.length, last.more, last.emails[0]], [201, "49", "p249"]);
  });

  it("says nothing of others where everybody is shown", async () => {
    const page = await pageOf(() => companyOf(201), { hint: "p3@xyz.example" });
    assert.deepEqual([page.emails.length, page.more], [201, undefined]);
  });

  it("finds those whom it does not show, and counts what it found", async () => {
    const company = companyOf(2500);
    const sales = await pageOf(() => company, { search: "sales" });
    assert.deepEqual([sales.emails.length, sales.more], [200, "50"]);
    const one = await pageOf(() => company, { search: "p2499%40" });
    assert.deepEqual([one.emails, one.more], [["p2499"], undefined]);
  });

  it("says what the directory says of somebody today", async () => {
    const [before, after] = [companyOf(1), companyOf(1)];
    let directory = before;
    const test = await startTestTenant({ directory: () => directory });
    try {
      const agent = new Agent(test);
      const redirect = await agent.authorize(addApplication(test));
      const open = async () => (await agent.get(String(redirect.headers.location))).body;
      const groups = before.employees[0]?.groups.length ?? 0;
      assert.match(await open(), new RegExp(`${groups} groups`));
      directory = { ...after, employees: after.employees.map((employee) => ({ ...employee, groups: [] })) };
      assert.match(await open(), /no groups/);
    } finally {
      await test.close();
    }
  });
});

describe("a request of a sign-in", () => {
  it("looks at the directory once at most, and at the same one until it is answered", async () => {
    let looks = 0;
    const test = await startTestTenant({ directory: () => ((looks += 1), sample) });
    try {
      const agent = new Agent(test);
      const looksOf = async <Answer>(body: () => Promise<Answer>): Promise<[number, Answer]> => {
        looks = 0;
        const answer = await body();
        return [looks, answer];
      };
      const [atFirst, redirect] = await looksOf(() => agent.authorize(addApplication(test)));
      const [ofPage] = await looksOf(() => agent.get(String(redirect.headers.location)));
      const [ofPick] = await looksOf(() => agent.pick(redirect, "ada.lindqvist@xyz.example"));
      assert.deepEqual([atFirst, ofPage, ofPick], [0, 1, 1]);
    } finally {
      await test.close();
    }
  });
});
