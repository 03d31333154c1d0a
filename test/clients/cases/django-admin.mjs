import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Browser, textOf } from "../support/browser.mjs";
import { freePort, job, until } from "../support/case.mjs";
import { python, startPython } from "../support/python.mjs";
import { ADMINISTRATOR, GROUPS_CLAIM, WITHOUT_GROUPS, issuer, seed } from "../support/tenant.mjs";

const PROJECT = fileURLToPath(new URL("../../../examples/django-admin", import.meta.url));
const CLOCK = fileURLToPath(new URL("../python/clock", import.meta.url));
const EDITOR = "bruno.keller@xyz.example";
const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), "django-admin-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

await job(async (step) => {
  step("seed");
  const home = `http://localhost:${await freePort()}`;
  const { client } = await seed({ callbacks: [`${home}/oidc/callback/`], logoutUrls: [`${home}/`] });

  step("start the example");
  const variables = {
    OIDC_CLIENT_ID: client.client_id,
    OIDC_CLIENT_SECRET: client.client_secret,
    GROUPS_CLAIM,
    DJANGO_DEBUG: "1",
    DJANGO_DATABASE: join(folder, "db.sqlite3"),
    CONNECTION: "azure-ad",
    PYTHONPATH: CLOCK,
  };
  await python(["manage.py", "check"], variables, PROJECT);
  await python(["manage.py", "test", "--verbosity", "0"], variables, PROJECT);
  await python(["manage.py", "migrate", "--verbosity", "0"], variables, PROJECT);
  const address = `localhost:${new URL(home).port}`;
  startPython(["manage.py", "runserver", "--noreload", address], variables, PROJECT);
  const answers = () =>
    fetch(home).then(
      (response) => response.ok,
      () => false,
    );
  await until(answers, "The application's start");

  step("an administrator comes to /admin/ and may do everything");
  const browser = new Browser();
  const admin = await browser.signIn(`${home}/admin/`, ADMINISTRATOR);
  assert.equal(admin.url.href, `${home}/admin/`, textOf(admin));
  assert.equal(admin.status, 200);
  assert.match(textOf(admin), /Site administration/);
  const users = await browser.open(`${home}/admin/auth/user/`);
  assert.match(users.text, /ada\.lindqvist@xyz\.example/);
  const groups = await browser.open(`${home}/admin/auth/group/`);
  assert.match(groups.text, /Admin Portal Administrators/);

  step("signing out ends both sessions");
  const left = await browser.submit(admin);
  assert.equal(left.url.href, `${home}/`, textOf(left));
  assert.equal((await browser.open(`${home}/admin/`)).url.origin, new URL(issuer).origin);

  step("an editor comes to /admin/ as staff, and no further");
  const other = new Browser();
  const editor = await other.signIn(`${home}/admin/`, EDITOR);
  assert.equal(editor.url.href, `${home}/admin/`, textOf(editor));
  assert.match(editor.text, /permission to view or edit anything/);
  assert.equal((await other.open(`${home}/admin/auth/user/`)).status, 403);

  step("an employee without groups is refused");
  const refused = await new Browser().signIn(`${home}/admin/`, WITHOUT_GROUPS);
  assert.equal(refused.url.href, `${home}/no-access/`, textOf(refused));
  assert.equal(refused.status, 403);

  const { CLOCK_FILE, DIRECTORY_FILE } = process.env;
  /** Moves the clock of the tenant and of the example. */
  const pass = (minutes) =>
    writeFileSync(CLOCK_FILE, String(Number(readFileSync(CLOCK_FILE, "utf8")) + minutes * MINUTE));
  /** Changes an employee in the directory; without a change, they leave the company. */
  const changeEmployee = (email, change) => {
    const directory = JSON.parse(readFileSync(DIRECTORY_FILE, "utf8"));
    const employees = directory.employees.flatMap((employee) => {
      if (employee.email !== email) return [employee];
      return change === undefined ? [] : [{ ...employee, ...change }];
    });
    writeFileSync(DIRECTORY_FILE, JSON.stringify({ ...directory, employees }));
  };
  const add = `${home}/admin/auth/group/add/`;
  const isThere = async (browser, name) =>
    (await browser.open(`${home}/admin/auth/group/`)).text.includes(name);

  step("an employee who stays works on for an hour without a click");
  const stayer = new Browser();
  await stayer.signIn(`${home}/admin/`, ADMINISTRATOR);
  for (let minutes = 0; minutes < 60; minutes += 14) {
    pass(14);
    const page = await stayer.open(`${home}/admin/auth/user/`);
    assert.equal(page.url.href, `${home}/admin/auth/user/`, textOf(page));
  }

  step("a form that is sent too late does nothing, and its page comes back");
  const form = await stayer.open(add);
  pass(16);
  const late = await stayer.submit(form, undefined, { fields: { name: "Too late" } });
  assert.equal(late.url.href, add, textOf(late));
  assert.match(textOf(late), /Nothing was changed/);
  assert.equal(await isThere(stayer, "Too late"), false);
  await stayer.submit(late, undefined, { fields: { name: "In time" } });
  assert.equal(await isThere(stayer, "In time"), true);

  step("who leaves a group may do less after the limit, and a form of before does nothing");
  const prepared = await stayer.open(add);
  changeEmployee(ADMINISTRATOR, { groups: ["Admin Portal Editors"] });
  pass(16);
  const refusedForm = await stayer.submit(prepared, undefined, { fields: { name: "By a leaver" } });
  assert.equal(refusedForm.status, 403, textOf(refusedForm));
  const less = await stayer.open(`${home}/admin/`);
  assert.match(textOf(less), /permission to view or edit anything/);

  step("who leaves the company is let in nowhere after the limit");
  const leaver = new Browser();
  const before = await leaver.signIn(`${home}/admin/`, EDITOR);
  assert.equal(before.url.href, `${home}/admin/`, textOf(before));
  changeEmployee(EDITOR, undefined);
  pass(16);
  const after = await leaver.open(`${home}/admin/`);
  assert.equal(after.url.origin, new URL(issuer).origin, textOf(after));
});
