/**
 * The two parts of undici that requests need. Importing the whole package costs four times the start-up time of its agent;
 * the paths are covered by a test that runs against the installed version.
 */
declare module 'undici/lib/dispatcher/agent.js' {
  import type { Agent } from 'undici';
  const agent: typeof Agent;
  export default agent;
}

declare module 'undici/lib/core/connect.js' {
  import type { buildConnector } from 'undici';
  const build: typeof buildConnector;
  export default build;
}
