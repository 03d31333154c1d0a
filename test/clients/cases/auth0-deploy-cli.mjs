import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tsImport } from "tsx/esm/api";
import { freePort, job, until } from "../support/case.mjs";
import { DIRECTORY_SECRET } from "../support/tenant.mjs";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Reads the state beside the tenant that runs, as `export` does. */
const { Store } = await tsImport("../../../packages/local-tenant/src/store/state.ts", import.meta.url);
const WRITES = ["POST", "PUT", "PATCH", "DELETE"];

const folder = mkdtempSync(join(tmpdir(), "deploy-cli-"));
const log = join(folder, "requests.jsonl");
let tenant;
process.on("exit", () => {
  tenant?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A tenant that is kept, so that its whole state can be compared. */
async function startTenant() {
  const args = ["start", "--state", join(folder, "state"), "--port", String(await freePort()), "--log", log];
  tenant = spawn(process.execPath, ["--import", "tsx", "local/start/tenant.ts", ...args], { cwd: ROOT });
  let said = "";
  tenant.stdout.on("data", (text) => (said += text));
  tenant.stderr.on("data", (text) => (said += text));
  await until(() => said.includes("Ctrl-C stops it"), "The tenant's start");
  const lines = readFileSync(join(folder, "state/deployer.env"), "utf8").trim().split("\n");
  return Object.fromEntries(lines.map((line) => /^(\w+)='(.*)'$/.exec(line).slice(1)));
}

/** Runs `a0deploy` as people do; anything but success is an error with its output. */
async function a0deploy(variables, ...args) {
  const cli = join(HERE, "node_modules/auth0-deploy-cli/lib/index.js");
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { ...process.env, ...variables },
  });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  assert.equal(code, 0, output);
  return output;
}

/**
 * The whole state but for what happened in it (`logs`), and but for what this CLI does in each import to any
 * tenant: it deploys each Action and binds it again, so that versions, binding ids and dates are new. What it
 * reads and writes as settings of their own (`documents`) is compared by exporting again.
 */
function state() {
  const store = new Store(join(folder, "state/tenant.json"));
  const { domain, deployer, settings } = store;
  const tables = Object.fromEntries(
    Object.entries(store.tables).map(([name, table]) => [name, table.list()]),
  );
  const rest = { domain, deployer, settings };
  const { logs: _logs, documents: _documents, actions, actionVersions, bindings, ...kept } = tables;
  const deployed = actions.map(({ updated_at: _, deployed_version_id: version, ...action }) => {
    const {
      id: _id,
      number: _number,
      created_at: _created,
      updated_at: _updated,
      built_at: _built,
      ...running
    } = actionVersions.find(({ id }) => id === version) ?? {};
    return { ...action, running };
  });
  const bound = bindings.map(({ trigger_id, action_id, display_name }) => ({
    trigger_id,
    action_id,
    display_name,
  }));
  return { ...rest, ...kept, actions: deployed, bindings: bound };
}

/** The text of each file below a folder. */
function files(path) {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const names = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(names.map((name) => [name.slice(path.length), readFileSync(name, "utf8")]));
}

function requests() {
  const lines = readFileSync(log, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line)).map(({ method, path, status }) => ({ method, path, status }));
}

await job(async (step) => {
  step("seed");
  // The CLI writes no secret of a connection into an export; it takes it from a variable of this name.
  const variables = { ...(await startTenant()), CONNECTIONS_WAAD_SECRET: DIRECTORY_SECRET };
  const seeding = spawn(process.execPath, [join(HERE, "support/seed.mjs")], {
    env: { ...process.env, ...variables },
    stdio: "inherit",
  });
  assert.equal(await new Promise((resolve) => seeding.once("close", resolve)), 0);

  for (const format of ["directory", "yaml"]) {
    const out = join(folder, format);
    step(`export as ${format}`);
    const before = requests().length;
    await a0deploy(variables, "export", "--format", format, "--output_folder", out);
    const exported = requests().slice(before);
    assert.deepEqual(
      exported.filter(({ method, path }) => WRITES.includes(method) && path !== "/oauth/token"),
      [],
    );
    const unexpected = exported.filter(({ status }) => status >= 500);
    assert.deepEqual(unexpected, []);
    assert.ok(readdirSync(out).length > 0);

    step(`import of the ${format} export, which changes nothing`);
    const [was, seen] = [state(), requests().length];
    const input = format === "yaml" ? join(out, "tenant.yaml") : out;
    await a0deploy(variables, "import", "--input_file", input);
    const writes = requests()
      .slice(seen)
      .filter(({ method, path }) => WRITES.includes(method) && path !== "/oauth/token");
    console.log(`      ${writes.length} writes`);
    assert.deepEqual(
      writes.filter(({ status }) => status >= 400),
      [],
    );
    assert.deepEqual(differences(was, state()), []);

    step(`second export as ${format}, which is the first`);
    await a0deploy(variables, "export", "--format", format, "--output_folder", `${out}-again`);
    assert.deepEqual(differences(files(out), files(`${out}-again`)), []);
  }
});

/** Paths at which two values differ. */
function differences(a, b, path = "") {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return Object.is(a, b) ? [] : [`${path}: ${JSON.stringify(a)} became ${JSON.stringify(b)}`.slice(0, 300)];
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences(a[key], b[key], `${path}/${key}`));
}
