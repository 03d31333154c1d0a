import { generateKeyPairSync } from "node:crypto";
import type { JsonWebKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TlsMaterial } from "../../../packages/local-tenant/src/lib/tls.ts";
import { freePort } from "../../../packages/local-tenant/test/support/free-port.ts";
import { installPackages } from "../../support/on-demand.ts";
import type { Filled, Person } from "../client/sign-in.ts";
import { hiddenFields } from "./forms.ts";
import { CLAIM, people } from "./people.ts";
import { serve } from "./serve.ts";
import type { Subject } from "./subject.ts";

const FOLDER = fileURLToPath(new URL("../peers", import.meta.url));

/** What a peer is told, in a file. */
interface PeerSettings {
  /** A folder for what it keeps. */
  readonly folder: string;
  readonly port: number;
  /** PEM of the certificate and its key. */
  readonly cert: string;
  readonly key: string;
  /** The private key of the tokens. */
  readonly jwk: JsonWebKey;
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUri: string };
  readonly people: readonly Person[];
  /** The claim that the groups go into. */
  readonly claim: string;
}

/**
 * Installs the peers on demand.
 * @returns why they could not be installed.
 */
export function installPeers(): Promise<string | undefined> {
  return installPackages(FOLDER);
}

/** The peers, which have to be installed; their files are in `folder`. */
export function peers(folder: string, tls: TlsMaterial): Subject[] {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...privateKey.export({ format: "jwk" }), kid: "bench", use: "sig", alg: "RS256" };
  const client = {
    id: "00000000000000000000000000000000",
    secret: "of-the-application",
    redirectUri: "http://localhost:8000/oidc/callback/",
  };
  const peer = (name: string, what: string, fill: Fill): Subject => ({
    name,
    what,
    start: async () => {
      const port = await freePort();
      const own = mkdtempSync(join(folder, `${name}-`));
      const settings: PeerSettings = { folder: own, port, ...tls, jwk, client, people, claim: CLAIM };
      const file = join(own, "settings.json");
      writeFileSync(file, JSON.stringify(settings));
      const issuer = `https://localhost:${port}/`;
      return serve({
        command: [process.execPath, join(FOLDER, `${name}.mjs`), file],
        cwd: own,
        port,
        target: async () => ({ issuer, ca: tls.ca, client, people, claim: CLAIM, fill }),
        clean: () => rmSync(own, { recursive: true, force: true }),
      });
    },
  });
  return [
    peer("oidc-provider", `oidc-provider ${installed("oidc-provider")}`, fillOidcProvider),
    peer("simulacrum", `auth0-simulator ${installed("@simulacrum/auth0-simulator")}`, fillSimulacrum),
  ];
}

type Fill = (page: string, person: Person, asked: URLSearchParams) => Filled;

function fillOidcProvider(page: string, { email }: Person): Filled {
  const action = /<form\b[^>]*\baction="([^"]*)"/.exec(page)?.[1];
  if (action === undefined) throw new Error(`There is no form on the page: ${page.slice(0, 300)}`);
  return { action, fields: { login: email } };
}

/** Its page sends the password by a script, and then the form that comes back. */
function fillSimulacrum(page: string, { email }: Person, asked: URLSearchParams): Filled {
  if (page.includes('name="hiddenform"')) return { action: "/login/callback", fields: hiddenFields(page) };
  const fields = {
    username: email,
    password: "12345",
    client_id: asked.get("client_id") ?? "",
    redirect_uri: asked.get("redirect_uri") ?? "",
    state: asked.get("state") ?? "",
    nonce: asked.get("nonce") ?? "",
    scope: asked.get("scope") ?? "",
    response_type: "code",
    connection: "Username-Password-Authentication",
    tenant: "localhost",
  };
  return { action: "/usernamepassword/login", fields };
}

function installed(name: string): string {
  const file = join(FOLDER, "node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
