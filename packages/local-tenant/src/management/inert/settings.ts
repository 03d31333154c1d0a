import type { Method } from "../operation.ts";

/** A setting of production that has no effect here. */
export interface Setting {
  readonly id: string;
  readonly path: string;
  readonly scope: string;
  /** How it is written: PATCH merges, PUT replaces. */
  readonly write: Extract<Method, "PATCH" | "PUT">;
  /** What production answers before anybody has written it. */
  readonly initial: unknown;
}

/** The settings that are kept and answered, and nothing more. */
export const settings: readonly Setting[] = [
  {
    id: "attackProtection.bruteForce",
    path: "/attack-protection/brute-force-protection",
    scope: "attack_protection",
    write: "PATCH",
    initial: {
      enabled: true,
      shields: ["block", "user_notification"],
      mode: "count_per_identifier_and_ip",
      allowlist: [],
      max_attempts: 10,
    },
  },
  {
    id: "attackProtection.suspiciousIp",
    path: "/attack-protection/suspicious-ip-throttling",
    scope: "attack_protection",
    write: "PATCH",
    initial: {
      enabled: true,
      shields: ["admin_notification", "block"],
      allowlist: [],
      stage: {
        "pre-login": { max_attempts: 100, rate: 864_000 },
        "pre-user-registration": { max_attempts: 50, rate: 1200 },
      },
    },
  },
  {
    id: "attackProtection.breachedPassword",
    path: "/attack-protection/breached-password-detection",
    scope: "attack_protection",
    write: "PATCH",
    initial: { enabled: false, shields: [], admin_notification_frequency: [], method: "standard" },
  },
  {
    id: "attackProtection.botDetection",
    path: "/attack-protection/bot-detection",
    scope: "attack_protection",
    write: "PATCH",
    initial: {
      challenge_password_policy: "never",
      challenge_passwordless_policy: "never",
      challenge_password_reset_policy: "never",
      allowlist: [],
      bot_detection_level: "medium",
      monitoring_mode_enabled: false,
    },
  },
  {
    id: "attackProtection.captcha",
    path: "/attack-protection/captcha",
    scope: "attack_protection",
    write: "PATCH",
    initial: { active_provider_id: "auth_challenge", auth_challenge: { fail_open: false } },
  },
  { id: "branding", path: "/branding", scope: "branding", write: "PATCH", initial: {} },
  {
    id: "prompts",
    path: "/prompts",
    scope: "prompts",
    write: "PATCH",
    initial: {
      universal_login_experience: "new",
      identifier_first: false,
      webauthn_platform_first_factor: false,
    },
  },
  {
    id: "prompts.customText",
    path: "/prompts/:prompt/custom-text/:language",
    scope: "prompts",
    write: "PUT",
    initial: {},
  },
  { id: "prompts.partials", path: "/prompts/:prompt/partials", scope: "prompts", write: "PUT", initial: {} },
  {
    id: "guardian.policies",
    path: "/guardian/policies",
    scope: "mfa_policies",
    write: "PUT",
    initial: [],
  },
  {
    id: "guardian.phone.messageTypes",
    path: "/guardian/factors/phone/message-types",
    scope: "guardian_factors",
    write: "PUT",
    initial: { message_types: ["sms"] },
  },
  {
    id: "guardian.phone.selectedProvider",
    path: "/guardian/factors/phone/selected-provider",
    scope: "guardian_factors",
    write: "PUT",
    initial: { provider: "auth0" },
  },
  {
    id: "guardian.templates",
    path: "/guardian/factors/:factor/templates",
    scope: "guardian_factors",
    write: "PUT",
    initial: {},
  },
  {
    id: "guardian.providers",
    path: "/guardian/factors/:factor/providers/:provider",
    scope: "guardian_factors",
    write: "PUT",
    initial: {},
  },
  {
    id: "riskAssessments.settings",
    path: "/risk-assessments/settings",
    scope: "attack_protection",
    write: "PATCH",
    initial: { enabled: false },
  },
  {
    id: "riskAssessments.newDevice",
    path: "/risk-assessments/settings/new-device",
    scope: "attack_protection",
    write: "PATCH",
    initial: { remember_for: 30 },
  },
  {
    id: "supplementalSignals",
    path: "/supplemental-signals",
    scope: "attack_protection",
    write: "PATCH",
    initial: { akamai_enabled: false },
  },
];
