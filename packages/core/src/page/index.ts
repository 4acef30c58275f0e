export { composeReport, renderReport, type PageOptions } from './report.js';
export { createEventKeeper, type EventKeeper, type KeptEvents, type Milestone } from './kept-events.js';
export { createFacts, type FactsFold, type RunFacts } from './run-facts.js';
