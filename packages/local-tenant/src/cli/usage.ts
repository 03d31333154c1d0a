import type { CommandDefaults } from "./options.ts";

/** What `--help` prints. */
export const usage = ({
  name,
  directory,
  state,
}: CommandDefaults): string => `A local Auth0 tenant, as a tool of its own.

  ${name} start            run the tenant until Ctrl-C
  ${name} exec "CMD"       run CMD against a fresh tenant in memory, and end with CMD's exit code
  ${name} export DIR       write the tenant's configuration into DIR, one JSON file for each resource
  ${name} import DIR       make the tenant's configuration that of DIR
  ${name} reset            forget the tenant

Options of start and exec:
  --port N             listen on this port (start: that of the state, which moves here, else a free one from 8443; exec: any)
  --directory FILE     the employees and groups of the emulated Azure AD (${directory})
  --plan PLAN          rate limits of a plan: off, free, professional, enterprise (off)
  --fault SPEC         misbehave: KIND[=VALUE]:PATH[@SHARE], such as latency=2000:/api/v2/users/*, status=429:/api/v2/*@0.5,
                       reset:/oauth/token, hang:/oauth/token, html:/*, truncate:/api/*; may be given many times
  --seed TEXT          make the same ids, codes and secrets in each run; never for secrets that matter
  --log FILE           append one line of JSON for each request; - is standard error
  --in-memory          keep nothing (exec always does so)

Options of start, export, import and reset:
  --state DIR          where the tenant is kept (${state})
  --reset              start: forget the tenant first
  --flush              start: answer a change when it is on the disk itself, so that a power cut does not take it
  --with-secrets       export: write the secrets too, into DIR/secrets.json, which only you can read

exec gives CMD these variables: AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET (a client with every Management API
scope), ISSUER, and SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE and
CURL_CA_BUNDLE (the tenant's certificate authority).

export leaves out users, logs, signing keys, old versions of Actions, and what every tenant has by itself: the deployer client
and the Management API. Without --with-secrets it leaves out secrets; import then keeps those that the tenant already has,
makes new client secrets, and names the others. export works beside a running tenant; stop the tenant before import and reset.
`;
