/** simulacrum's Auth0 simulator, with a Rule that puts the groups into the ID token. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// What is in it is PeerSettings of ../subjects/peers.ts.
const settings = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
const { folder, port, cert, key, client, people, claim } = settings;

// It reads its certificate in the home folder, and its Rules in a folder below the one that it runs in.
const certificates = join(folder, ".simulacrum", "certs");
mkdirSync(certificates, { recursive: true });
writeFileSync(join(certificates, "localhost.pem"), cert);
writeFileSync(join(certificates, "localhost-key.pem"), key, { mode: 0o600 });
process.env["HOME"] = folder;
process.env["USERPROFILE"] = folder;
process.chdir(folder);
mkdirSync("rules", { recursive: true });
const groups = Object.fromEntries(people.map((person) => [person.email, person.groups]));
writeFileSync(join("rules", "groups.json"), JSON.stringify({ enabled: true }));
writeFileSync(
  join("rules", "groups.js"),
  `(user, context, callback) => {
  context.idToken[${JSON.stringify(claim)}] = (${JSON.stringify(groups)})[user.email];
  callback(null, user, context);
}`,
);
// What it says of each Rule would be written for nobody.
console.debug = () => undefined;

// Its module for `import` runs no Rules: they are given a `module`, which is not there.
const { simulation } = createRequire(import.meta.url)("@simulacrum/auth0-simulator");
await simulation({
  // It refuses ports above 10,000 here, and listens on any.
  options: { port: 4400, clientID: client.id, scope: "openid profile email", rulesDirectory: "rules" },
  initialState: {
    users: people.map(({ email, name }) => ({
      id: email,
      name,
      email,
      picture: "https://xyz.example/me.png",
    })),
  },
}).listen(port, "127.0.0.1");
