/**
 * The environment of what is measured: this one, without further certificate authorities. Where some are
 * named, each start of Node.js reads all public ones too, which most machines do not.
 */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_EXTRA_CA_CERTS: undefined };
}
