import type { Options, OptionsRequest } from "./options-request.ts";

const GITHUB: Readonly<Record<string, string>> = {
  email: "user:email",
  read_user: "read:user",
  follow: "user:follow",
  public_repo: "public_repo",
  repo: "repo",
  repo_deployment: "repo_deployment",
  repo_status: "repo:status",
  delete_repo: "delete_repo",
  notifications: "notifications",
  gist: "gist",
  read_repo_hook: "read:repo_hook",
  write_repo_hook: "write:repo_hook",
  admin_repo_hook: "admin:repo_hook",
  read_org: "read:org",
  admin_org: "admin:org",
  read_public_key: "read:public_key",
  write_public_key: "write:public_key",
  admin_public_key: "admin:public_key",
  write_org: "write:org",
};

/** What each switch of a strategy asks its provider for, in the order in which production lists them. */
const SCOPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  apple: { name: "name", email: "email" },
  facebook: {
    email: "email",
    groups_access_member_info: "groups_access_member_info",
    user_birthday: "user_birthday",
    public_profile: "public_profile",
  },
  github: GITHUB,
  "google-oauth2": {
    email: "email",
    profile: "profile",
    gmail: "https://mail.google.com/mail/feed/atom",
    youtube: "https://gdata.youtube.com",
    contacts: "https://www.google.com/m8/feeds",
    calendar: "https://www.googleapis.com/auth/calendar",
    tasks: "https://www.googleapis.com/auth/tasks",
  },
  "google-apps": { email: "email", profile: "profile" },
  line: { openid: "openid", email: "email", profile: "profile" },
  linkedin: { email: "r_emailaddress", profile: "r_liteprofile", basic_profile: "r_basicprofile" },
  windowslive: { graph_user: "https://graph.microsoft.com/User.Read" },
  salesforce: {},
  "salesforce-community": {},
  "salesforce-sandbox": {},
};
const SEPARATOR: Readonly<Record<string, string>> = { apple: " ", facebook: "," };

/**
 * Options of a social connection: its switches become the `scope` that the provider is asked for (the
 * recordings of the Terraform provider, TestAccConnectionGitHub, -Facebook, -Apple, -GoogleOAuth2, -Linkedin,
 * -Windowslive).
 */
export function socialOptions({ strategy, sent, old }: OptionsRequest): Options {
  const known = SCOPES[strategy];
  if (known === undefined) return sent;
  const options = { ...implied(strategy, old), ...sent };
  if (sent["scope"] !== undefined && strategy !== "google-apps") return { ...options };
  const scopes = Object.entries(known)
    .filter(([name]) => options[name] === true)
    .map(([, scope]) => scope);
  const separator = SEPARATOR[strategy];
  return { ...options, scope: separator === undefined ? scopes : scopes.join(separator) };
}

/** Switches that are on by default, and that a PATCH cannot turn off. */
function implied(strategy: string, old: Options | undefined): Options {
  if (strategy === "line") return { profile: true };
  if (strategy !== "google-apps") return {};
  const kept = old?.["map_user_id_to_id"];
  return {
    email: true,
    profile: true,
    handle_login_from_social: true,
    ...(kept === undefined ? {} : { map_user_id_to_id: kept }),
  };
}
