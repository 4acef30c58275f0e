export { openJournal, type Journal, type JournalIo, type OpenJournalOptions } from './journal.js';
export { acquireLease, currentHolder, type Lease, type LeaseHolder } from './lease.js';
export type { JournalRecord } from './line.js';
export { readJournal } from './read.js';
export { OWN_PID } from './self.js';
