import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Browser, textOf } from "../support/browser.mjs";
import { freePort, job, until } from "../support/case.mjs";
import { python, startPython } from "../support/python.mjs";
import { ADMINISTRATOR, GROUPS_CLAIM, WITHOUT_GROUPS, issuer, seed } from "../support/tenant.mjs";

const PROJECT = fileURLToPath(new URL("../../../examples/django-admin", import.meta.url));
const EDITOR = "bruno.keller@xyz.example";
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
});
