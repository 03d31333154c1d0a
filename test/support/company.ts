import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { withCopy } from "./lent-copy.ts";
import { putSample } from "./sample.ts";

/** A company's copy of the project, with a stack's file of its own. */
export interface CompanyCopy {
  readonly root: string;
  /** Takes the place of Pulumi.dev.yaml. */
  configure(values: Readonly<Record<string, unknown>>): void;
}

/** What a company's file says at least, by full key. */
export const MINIMAL: Readonly<Record<string, unknown>> = {
  "workforce-sso:groupsClaim": "https://acme.example/claims/groups",
  "workforce-sso:azureTenantDomain": "acme.onmicrosoft.com",
  "workforce-sso:azureClientId": "00000000-0000-4000-8000-000000000000",
  "workforce-sso:applications": [
    {
      name: "admin-portal",
      callbacks: ["https://admin.acme.example/callback"],
      logoutUrls: ["https://admin.acme.example/"],
    },
  ],
};

/** Runs `body` with a copy of the project, whose configuration is {@link MINIMAL}. */
export async function withCompany<T>(body: (company: CompanyCopy) => Promise<T>): Promise<T> {
  return withCopy(async (root) => {
    putSample(root);
    const configure = (values: Readonly<Record<string, unknown>>) =>
      writeFileSync(join(root, "Pulumi.dev.yaml"), stringify({ config: values }));
    configure(MINIMAL);
    return body({ root, configure });
  });
}
