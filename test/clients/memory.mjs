import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { Browser } from "./support/browser.mjs";
import { job } from "./support/case.mjs";
import { issuer, seed } from "./support/tenant.mjs";

/**
 * How much memory the tenant takes while thousands sign in, each in a fresh browser, from /authorize to the
 * tokens, with an Action run each time. Fails where it is not flat. Linux only, for it reads /proc:
 *
 *     npm run tenant -- exec "node test/clients/memory.mjs [SIGN-INS]"
 */
const SIGN_INS = Number(process.argv[2] ?? 5000);
const STEP = Math.max(1, Math.floor(SIGN_INS / 20));
/**
 * MiB that the second half may lie above the first. Memory goes up and down with the garbage, so the lowest
 * value of each half counts; 20 kB left behind by each sign-in would pass it.
 */
const TOLERANCE = 48;
const CALLBACK = "https://app.xyz.example/callback";

function status(pid, field) {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(text)?.[1]);
}

/** The tenant is the process of the tool that has started this one. */
function tenantProcess() {
  for (let pid = process.ppid; pid > 1; pid = status(pid, "PPid")) {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    if (words.some((word) => word.endsWith("local/start/tenant.ts")) && words.includes("exec")) {
      if (words[0].endsWith("node")) return pid;
    }
  }
  throw new Error("This was not started by the tool's exec.");
}

/** MiB of the tenant's process, and of the processes in which it runs Actions. */
function memory(tenant) {
  const own = new Set();
  for (let pid = process.pid; pid > 1 && pid !== tenant; pid = status(pid, "PPid")) own.add(String(pid));
  const actions = readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && !own.has(pid) && status(pid, "PPid") === tenant;
    } catch {
      return false;
    }
  });
  const rss = (pids) => Math.round(pids.reduce((sum, pid) => sum + status(pid, "VmRSS"), 0) / 1024);
  return { tenant: rss([tenant]), actions: rss(actions), processes: actions.length };
}

const EMPLOYEES = JSON.parse(
  readFileSync(new URL("../../local/directory.json", import.meta.url), "utf8"),
).employees;

async function signIn(client, number) {
  const query = {
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid email",
  };
  const { email } = EMPLOYEES[number % EMPLOYEES.length];
  const url = `${issuer}authorize?${new URLSearchParams(query)}`;
  const callback = await new Browser().signIn(url, email, { stopAt: CALLBACK });
  const response = await fetch(`${issuer}oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: client.client_id,
      client_secret: client.client_secret,
      redirect_uri: CALLBACK,
      code: callback.url.searchParams.get("code"),
    }),
  });
  const tokens = await response.json();
  assert.ok(tokens.id_token, JSON.stringify(tokens));
}

await job(async () => {
  const tenant = tenantProcess();
  const { client } = await seed({ callbacks: [CALLBACK] });
  console.log("sign-ins  tenant MiB  Actions MiB (processes)  sign-ins/s");
  const taken = [];
  let begin = performance.now();
  for (let done = 1; done <= SIGN_INS; done += 1) {
    await signIn(client, done);
    if (done % STEP !== 0) continue;
    const rate = (STEP / (performance.now() - begin)) * 1000;
    const { tenant: own, actions, processes } = memory(tenant);
    const columns = [
      String(done).padStart(8),
      String(own).padStart(10),
      `${actions} (${processes})`.padStart(23),
    ];
    console.log([...columns, rate.toFixed(0).padStart(10)].join("  "));
    taken.push(own + actions);
    begin = performance.now();
  }
  const half = taken.length / 2;
  const [first, second] = [Math.min(...taken.slice(0, half)), Math.min(...taken.slice(half))];
  assert.ok(
    second - first <= TOLERANCE,
    `Memory is not flat: at least ${first} MiB in the first half, ${second} in the second.`,
  );
  console.log(`Flat: at least ${first} MiB in the first half, ${second} in the second.`);
});
