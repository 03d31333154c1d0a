import pulumi from "@pulumi/eslint-plugin";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

const TENANT = "packages/local-tenant/src";

/** Which way imports point (docs/architecture.md): nothing in `target` may import from the named paths. */
const zone = (target, from, except = []) => ({
  target: `./${target}`,
  from: from.map((path) => `./${path}`),
  except: except.map((path) => `./${path}`),
});

/** The rooms of the local tenant, the innermost first: each may use those before it. */
const ROOMS = [
  "lib",
  "store",
  "actions",
  "sessions",
  "web",
  "directory",
  "post-login",
  "login",
  "authentication",
  "management",
  "console",
];

const BORDERS = [
  zone("action", ["index.ts", "stack", "local", "packages", "review", "test"]),
  zone("stack", ["index.ts", "local", "packages", "review", "test"]),
  zone("index.ts", ["action", "local", "packages", "review", "test"]),
  zone("packages", ["index.ts", "action", "stack", "local", "review"]),
  zone("local/pulumi", ["index.ts", "action", "stack", "local/start", "test"]),
  zone("local/pulumi", [TENANT], ["lib"]),
  zone("local", ["review", "test"]),
  zone("review", ["index.ts", "stack", "test"]),
  // The process that only reads a directory does not load a tenant: that takes a second.
  zone("review", [TENANT], ["index.ts", "lib", "directory/directory.ts"]),
  zone("local", [TENANT], ["index.ts", "lib", "cli/command.ts"]),
  ...["local", "review", "stack", "support"].map((folder) =>
    zone(`test/${folder}`, [TENANT], ["index.ts", "lib"]),
  ),
  // `npm run tenant` is the package's command line; nothing else of ours runs it.
  zone("local/!(start)/**", [`${TENANT}/cli`]),
  zone("local/start/!(tenant).ts", [`${TENANT}/cli`]),
  ...ROOMS.map((room, index) =>
    zone(
      `${TENANT}/${room}`,
      [...ROOMS.slice(index + 1), "cli", "server.ts", "tenant.ts", "create-tenant.ts"].map(
        (later) => `${TENANT}/${later}`,
      ),
    ),
  ),
  zone(
    `${TENANT}/cli`,
    ROOMS.slice(4)
      .filter((room) => room !== "directory")
      .map((room) => `${TENANT}/${room}`),
  ),
];

const NAMED_EXPORT = {
  selector: "ExportDefaultDeclaration",
  message: "Use a named export; only index.ts has a default one.",
};

const MACHINE_CLOCK = {
  selector:
    ":matches(MemberExpression[object.name='Date'][property.name='now'], NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date'])",
  message: "Ask the tenant's clock (context.now), so that clock.advance() moves what is decided here too.",
};

export default tseslint.config(
  { ignores: ["node_modules/", ".local/", "packages/*/dist/", "test/clients/", "test/bench/peers/"] },
  {
    files: ["**/*.ts", "**/*.cjs", "**/*.mjs"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@pulumi": pulumi, "import-x": importX },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: BORDERS }],
      "no-restricted-syntax": ["error", NAMED_EXPORT],
      // Node.js 20 answers wrongly as soon as it has compiled the caller.
      "no-restricted-properties": [
        "error",
        {
          object: "URL",
          property: "canParse",
          message: "Use parseUrl: on Node.js 20 this refuses letters such as ü in a busy place.",
        },
      ],
      // Prettier wraps the code and leaves comments as they are.
      "max-len": [
        "error",
        { code: 10_000, comments: 110, ignoreUrls: true, ignorePattern: "eslint-disable" },
      ],
    },
  },
  {
    // Not the tenant's own matters: certificates, locks between processes, and how far its clock is ahead.
    files: [`${TENANT}/**/*.ts`],
    ignores: [
      "clock.ts",
      "lib/tls.ts",
      "lib/process-lock.ts",
      "actions/cache.ts",
      "actions/flow.ts",
      "actions/runner.ts",
    ].map((file) => `${TENANT}/${file}`),
    rules: { "no-restricted-syntax": ["error", NAMED_EXPORT, MACHINE_CLOCK] },
  },
  {
    // The process of an Action keeps built-in functions before an Action can replace them, and makes text of
    // whatever it is given.
    files: [`${TENANT}/actions/child/*.cjs`],
    rules: {
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/restrict-template-expressions": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.name='require'][arguments.0.value=/^(?!node:|\\.\\/)/]",
          message: "The process of an Action may read its own folder only, and Node's built-in modules.",
        },
      ],
    },
  },
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  { files: ["index.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["**/*.spec.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        NAMED_EXPORT,
        ...[
          "[arguments.0.type!=/^(Literal|TemplateLiteral|Identifier)$/]",
          "[arguments.0.expressions.length=0]",
          " > TemplateLiteral:first-child > TemplateElement[value.raw=/\\n/]",
        ].map((title) => ({
          selector: `CallExpression[callee.name=/^(it|describe)$/]${title}`,
          message:
            "Write the title as one string on one line, so that a search finds it: a template only where a value goes in, a variable only from a table of cases.",
        })),
      ],
    },
  },
);
