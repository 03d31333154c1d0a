/**
 * oidc-provider as an application of ours would use it: sessions in memory, RS256 with a key of its own, PKCE,
 * one form for the login, no consent page, and the groups among the ID token's claims.
 */
import { createServer } from "node:https";
import { readFileSync } from "node:fs";
import { Provider } from "oidc-provider";

// What is in it is PeerSettings of ../subjects/peers.ts.
const settings = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
const { port, cert, key, jwk, client, people, claim } = settings;
const issuer = `https://localhost:${port}`;
const byEmail = new Map(people.map((person) => [person.email, person]));

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      redirect_uris: [client.redirectUri],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  jwks: { keys: [jwk] },
  cookies: { keys: ["bench"] },
  claims: { openid: ["sub", claim], profile: ["name"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, email) => {
    const person = byEmail.get(email);
    if (person === undefined) return undefined;
    return {
      accountId: email,
      claims: () => ({
        sub: email,
        email,
        email_verified: true,
        name: person.name,
        [claim]: person.groups,
      }),
    };
  },
  // Whoever signs in has agreed to everything, so that there is no consent page.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({
      clientId: oidc.client.clientId,
      accountId: oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
const server = createServer({ cert, key }, (request, response) => {
  const [, uid] = /^\/interaction\/([\w-]+)$/.exec(request.url ?? "") ?? [];
  if (uid === undefined) return void answer(request, response);
  interact(request, response, uid).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
});
server.listen(port, "127.0.0.1");

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {string} uid
 */
async function interact(request, response, uid) {
  if (request.method === "POST") {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const login = new URLSearchParams(Buffer.concat(chunks).toString("utf8")).get("login") ?? "";
    if (byEmail.has(login)) {
      const options = { mergeWithLastSubmission: false };
      return provider.interactionFinished(request, response, { login: { accountId: login } }, options);
    }
  }
  await provider.interactionDetails(request, response);
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(`<!doctype html><html lang="en"><head><title>Sign in</title></head><body>
<form method="post" action="/interaction/${uid}"><input name="login" type="email"><button>Sign in</button></form>
</body></html>`);
}
