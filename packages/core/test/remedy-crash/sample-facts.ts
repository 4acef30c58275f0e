import type { ChangeFacts } from '../../src/remedy/records.js';

/** A change as the ledger holds it. */
export const SAMPLE_FACTS: ChangeFacts = {
  id: '1', loop: 1, issue: 'slow', remedy: 'faster', use: 'knob.change', with: { knob: 'delay', by: -10 }, directory: '/', param: 'delay', before: 100, after: 90, rollback: 'POST http://127.0.0.1/config {"delay":100}',
  digest: 'd', stateless: false, expires_ms: null, cause: 'The delay is too long', evidence: {}, slos: ['quick'], scenarios: ['ask'],
};
