import type { Claims, Employee, Trace } from "../../packages/local-tenant/src/index.ts";
import type { Deployment } from "./deployment.ts";
import type { Paint } from "./terminal.ts";

/** Everything that one `npm start` reports. With `--json` it is printed in this shape. */
export interface Report {
  readonly engine: string;
  readonly plugin: string;
  readonly changes: Deployment["changes"];
  readonly employee: string;
  /** Name of the application that was signed in to. */
  readonly application: string;
  /** Of the ID token, which was verified against the tenant's JWKS. */
  readonly claims: Claims;
  readonly groupsClaim: string;
  /** The employee's groups in the directory, with nested ones if the stack asks for them. */
  readonly groups: readonly string[];
  readonly trace: Trace | undefined;
  /** Path of a file to source in a shell. */
  readonly environment: string;
}

/** The report for a person. */
export function reportText(report: Report, employee: Employee, paint: Paint): string {
  return [
    paint.bold(`${employee.name} signed in to ${report.application}`),
    `  ${employee.jobTitle}, ${employee.department}; ID token verified against the tenant's keys:`,
    "",
    ...claimLines(report, paint).map((line) => `  ${line}`),
    "",
    comparison(report, paint),
    "",
    paint.bold("What happened at sign-in"),
    ...traceLines(report.trace, paint).map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** How many entries of a list are printed; `--json` prints all. */
const SHOWN = 10;

function claimLines({ claims, groupsClaim }: Report, paint: Paint): string[] {
  const entries = Object.entries(claims);
  const lines = entries.flatMap(([name, value], index) => {
    const last = index === entries.length - 1;
    const printed = claimText(name, value, last);
    return name === groupsClaim ? printed.map((line) => paint.green(line)) : printed;
  });
  return ["{", ...lines, "}"];
}

function claimText(name: string, value: unknown, last: boolean): string[] {
  const rest = Array.isArray(value) ? value.length - SHOWN : 0;
  const shown: unknown = Array.isArray(value) ? value.slice(0, SHOWN) : value;
  const lines = JSON.stringify({ [name]: shown }, undefined, 2)
    .split("\n")
    .slice(1, -1);
  if (rest > 0) lines.splice(-1, 0, `    … and ${rest} more`);
  return last ? lines : [...lines.slice(0, -1), `${lines.at(-1) ?? ""},`];
}

function comparison({ claims, groupsClaim, groups }: Report, paint: Paint): string {
  const claim = claims[groupsClaim];
  const directory = `the directory has ${groups.length} for this employee`;
  if (!Array.isArray(claim)) return `  No groups in the token; ${directory}.`;
  const found = new Set(claim as unknown[]);
  const all = found.size === groups.length && groups.every((group) => found.has(group));
  const sentence = `${claim.length} groups in the token; ${directory}.`;
  return all
    ? `  ${paint.green("✓")} ${sentence}`
    : `  ${sentence} The group policy makes the difference, or see below.`;
}

function traceLines(trace: Trace | undefined, paint: Paint): string[] {
  if (trace === undefined) return ["no trace was kept"];
  const lines = trace.actions.flatMap((run) => [
    `${run.name}: ${Math.round(run.milliseconds)} ms${run.cold ? " (first run of its process)" : ""}`,
    ...run.console.map(({ level, text }) => paint.dim(`  ${level}: ${text.split("\n")[0] ?? ""}`)),
    ...run.httpCalls.map(
      (call) =>
        `  ${call.method} ${call.url} ${call.status ?? "failed"}, ${Math.round(call.milliseconds)} ms`,
    ),
    ...(run.error === undefined ? [] : [paint.red(`  ${run.error}`)]),
  ]);
  const warnings = trace.warnings.map((warning) => paint.red(`warning: ${warning}`));
  const outcome = trace.outcome === "completed" ? [] : [`${trace.outcome}: ${trace.reason ?? ""}`];
  return [...(lines.length === 0 ? ["no Action ran"] : lines), ...warnings, ...outcome];
}

/** Where the tenant is, for a person and for programs. */
export interface Places {
  readonly issuer: string;
  readonly environment: string;
  readonly ca: string;
  /** Whether the stack is kept, so that `pulumi` can change it while the tenant runs. */
  readonly kept: boolean;
}

/** What a person can open and do next. */
export function placesText({ issuer, environment, ca, kept }: Places, paint: Paint): string {
  return [
    paint.bold("Open"),
    `  ${paint.cyan(issuer)}  the tenant's console: a sign-in to each application, Actions, requests`,
    "  A browser does not know this machine's certificate and shows a page about it. Go on from there:",
    '    Chrome   "Your connection is not private": Advanced, then Proceed to localhost (unsafe)',
    '    Edge     "Your connection isn\'t private": Advanced, then Continue to localhost (unsafe)',
    '    Firefox  "Warning: Potential Security Risk Ahead": Advanced..., then Accept the Risk and Continue',
    '    Safari   "This Connection Is Not Private": Show Details, then visit this website',
    `  ${paint.cyan(`. ${environment}`)}  in a shell: the tenant for curl, pulumi and your application`,
    `  ${ca}  the certificate's authority, for programs`,
    "",
    ...stepsLines(kept, paint),
    "",
  ].join("\n");
}

/** The next steps: to change the Action, to make the project one's own, to deploy to a real tenant. */
function stepsLines(kept: boolean, paint: Paint): string[] {
  const command = (text: string) => paint.cyan(text);
  const again = "sign in again, in the console";
  const steps = kept
    ? [
        `edit ${command("action/post-login.ts")}`,
        `${command("npm run pulumi -- preview --diff")}  what that would change, in another terminal`,
        `${command("npm run pulumi -- up --yes")}  change it`,
        again,
      ]
    : [
        `edit ${command("action/post-login.ts")}`,
        `Ctrl-C, and ${command("npm start -- --no-engine")}`,
        again,
      ];
  return [
    paint.bold("Change it"),
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    "  Then make it yours: docs/make-it-yours.md. Then a real tenant: docs/production.md.",
  ];
}
