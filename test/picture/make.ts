/**
 * `npm run picture`: makes `docs/images/npm-start.png`, the README's picture, from what a person really sees:
 * the end of `npm start`'s output in a terminal, and the sign-in page that it leads to. Needs `chromium` and
 * `script` (util-linux) on PATH.
 */
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readEnvironmentText } from "../../packages/local-tenant/src/lib/environment-file.ts";
import { runEntry } from "../../packages/local-tenant/src/lib/entry.ts";
import { UsageError } from "../../packages/local-tenant/src/lib/errors.ts";
import { terminalHtml } from "./terminal-html.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PICTURE = join(ROOT, "docs/images/npm-start.png");
const SIZE = { width: 1500, height: 900 };
/** What comes before is the engine's own list of resources. */
const FIRST_LINE = / signed in( to .*)?$/;
const LAST_LINE = "Ctrl-C to stop.";

let folder = "";
let running: ChildProcess | undefined;

await runEntry(async ([word]) => {
  if (word !== undefined) throw new UsageError(`npm run picture takes no arguments, and got "${word}".`);
  folder = mkdtempSync(join(tmpdir(), "workforce-sso-picture-"));
  try {
    const output = await startAndWait();
    const page = join(folder, "sign-in.png");
    chromium(await signInPage(), page, { width: 580, height: SIZE.height + 40 });
    const html = join(folder, "picture.html");
    writeFileSync(html, pictureHtml(output, readFileSync(page).toString("base64")));
    mkdirSync(join(ROOT, "docs/images"), { recursive: true });
    chromium(`file://${html}`, PICTURE, SIZE);
    console.log(PICTURE);
  } finally {
    running?.kill("SIGINT");
    if (running !== undefined) await new Promise((resolve) => running?.once("close", resolve));
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Runs `npm start` on a terminal until it says that it is up, and gives what it has printed. */
function startAndWait(): Promise<string> {
  const command = `${process.execPath} --import tsx local/start/main.ts`;
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd: ROOT,
    env: { ...process.env, WORKFORCE_SSO_LOCAL: join(folder, "local"), TERM: "xterm-256color" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  running = child;
  let output = "";
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes(LAST_LINE)) resolve(output);
    });
    child.once("close", (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
  });
}

/** The address of an authorization request of the stack's first application. */
async function signInPage(): Promise<string> {
  const environment = readEnvironmentText(readFileSync(join(folder, "local/environment"), "utf8"));
  const issuer = environment.get("ISSUER") ?? "";
  const console = execFileSync("curl", ["--silent", "--insecure", `${issuer}_local/`], { encoding: "utf8" });
  const clientId = /name="client_id" value="([^"]+)"/.exec(console)?.[1] ?? "";
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: `${issuer}_local/callback`,
    scope: "openid profile email",
    state: "picture",
  });
  return `${issuer}authorize?${query.toString()}`;
}

function chromium(url: string, file: string, { width, height }: { width: number; height: number }): void {
  execFileSync(
    "chromium",
    [
      "--headless",
      "--no-sandbox",
      "--hide-scrollbars",
      "--ignore-certificate-errors",
      `--user-data-dir=${join(folder, "profile")}`,
      `--window-size=${width},${height}`,
      `--screenshot=${file}`,
      url,
    ],
    { stdio: ["ignore", "ignore", "ignore"], timeout: 120_000 },
  );
}

function pictureHtml(output: string, page: string): string {
  const lines = output.replaceAll("\r", "").split("\n");
  const plain = lines.map((line) => line.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "").trim());
  const first = plain.findIndex((line) => FIRST_LINE.test(line));
  const shown = ["$ npm ci && npm start", "…", ...lines.slice(first)]
    .join("\n")
    .replaceAll(folder, "~/workforce-sso");
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #e8eaee; display: flex; gap: 24px; padding: 24px; box-sizing: border-box; height: ${SIZE.height}px; }
    figure { margin: 0; border-radius: 10px; overflow: hidden; box-shadow: 0 6px 24px #0004; }
    pre { margin: 0; padding: 18px; height: 100%; width: 830px; box-sizing: border-box; background: #16181d; color: #d8dbe2; overflow: hidden;
      font: 13px/1.42 "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    img { display: block; margin-top: -40px; }
  </style><figure><pre>${terminalHtml(shown)}</pre></figure><figure><img src="data:image/png;base64,${page}"></figure>`;
}
