export { openJournal, type JournalIo } from './journal.js';
export { acquireLease, currentHolder } from './lease.js';
export type { JournalRecord } from './line.js';
export { readJournal } from './read.js';
export { OWN_PID } from './self.js';
