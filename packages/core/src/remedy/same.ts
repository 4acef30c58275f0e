export { sameValue } from '../text/index.js';
