import { mapOf, nullable, object } from "../json-schema.ts";
import type { Schema } from "../json-schema.ts";

const NAMES = [
  "aws",
  "azure_blob",
  "azure_sb",
  "rms",
  "mscrm",
  "slack",
  "sentry",
  "box",
  "cloudbees",
  "concur",
  "dropbox",
  "echosign",
  "egnyte",
  "firebase",
  "newrelic",
  "office365",
  "salesforce",
  "salesforce_api",
  "salesforce_sandbox_api",
  "samlp",
  "layer",
  "sap_api",
  "sharepoint",
  "springcm",
  "wams",
  "wsfed",
  "zendesk",
  "zoom",
  "sso_integration",
  "oag",
] as const;

/** Add-ons of a client: known names, free content. */
export const addons: Schema = object(Object.fromEntries(NAMES.map((name) => [name, nullable(mapOf())])));
