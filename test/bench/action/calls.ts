import { overHttps } from "../../../packages/local-tenant/src/lib/browser.ts";
import { signIn } from "../../../packages/local-tenant/src/lib/sign-in.ts";
import type { RunningTenant } from "../../../packages/local-tenant/src/running-tenant.ts";
import type { Company, Subject } from "./company.ts";
import { CLAIM } from "../subjects/people.ts";
import { logIn } from "./logins.ts";
import type { Path } from "./logins.ts";
import { shown, table } from "../text.ts";

/** How many requests the tenant got from an Action's machine client. */
export interface CallsRow {
  readonly subject: Subject;
  readonly path: Path;
  readonly logins: number;
  readonly tokenRequests: number;
  readonly userReads: number;
  /** Logins whose claim was right. */
  readonly rightGroups: number;
  /**
   * Groups in the ID token of one whole sign-in over HTTPS, with a browser's cookies, PKCE and the code's
   * exchange.
   */
  readonly groupsOverHttps: number;
}

/** Counts the requests of so many logins, one after another, without limits and faults. */
export async function measureCalls(company: Company, logins: number): Promise<CallsRow[]> {
  const rows: CallsRow[] = [];
  for (const [subject, path] of [
    ["recipe", "free"],
    ["ours", "free"],
    ["ours", "fallback"],
  ] as const) {
    const tenant = await company.open(subject);
    try {
      const groupsOverHttps = await signInOverHttps(tenant, company);
      const counts = { token: 0, user: 0 };
      const end = tenant.context.log.onRequest(({ path: requested }) => {
        if (requested.startsWith("/oauth/token")) counts.token += 1;
        if (requested.startsWith("/api/v2/")) counts.user += 1;
      });
      let rightGroups = 0;
      for (let number = 0; number < logins; number += 1) {
        const login = await logIn(tenant, { number, path });
        rightGroups += login.rightGroups ? 1 : 0;
      }
      end();
      const { token: tokenRequests, user: userReads } = counts;
      rows.push({ subject, path, logins, tokenRequests, userReads, rightGroups, groupsOverHttps });
    } finally {
      await tenant.close();
    }
  }
  return rows;
}

export function callsTable(rows: readonly CallsRow[]): string {
  return table(
    ["Action", "path", "logins", "token requests", "user reads", "all calls", "right groups"],
    rows.map((row) => [
      row.subject,
      row.subject === "recipe" ? "any" : row.path,
      shown(row.logins),
      shown(row.tokenRequests),
      shown(row.userReads),
      shown(row.tokenRequests + row.userReads),
      `${((row.rightGroups / row.logins) * 100).toFixed(1)} %`,
    ]),
  );
}

/** That what is measured is what a real sign-in gets. */
async function signInOverHttps({ context, ca }: RunningTenant, { outputs }: Company): Promise<number> {
  const [employee] = context.directory.employees;
  const id = firstOf(outputs["clientIds"]);
  const { claims } = await signIn({
    issuer: context.issuer,
    send: overHttps(ca),
    client: { id, secret: firstOf(outputs["clientSecrets"]) },
    redirectUri: `${context.issuer}_local/callback`,
    employee: employee?.email ?? "",
  });
  const groups = claims[CLAIM];
  if (!Array.isArray(groups)) throw new Error(`The ID token has no ${CLAIM}: ${JSON.stringify(claims)}`);
  return groups.length;
}

function firstOf(output: unknown): string {
  return String(Object.values(output ?? {})[0]);
}
