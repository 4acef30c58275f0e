/** Everything about the sound front end that training and recognition must agree on. Times are in frames of 10 ms. */

/** Samples per second of all audio the assistant hears. */
export const sampleRate = 16_000;
/** Samples per analysis window (25 ms). */
export const windowLength = 400;
/** Samples between two windows (10 ms). */
export const hopLength = 160;
/** Milliseconds between two frames. */
export const frameMs = 10;
/** Mel bands per frame. */
export const bandCount = 24;
/** Cepstral coefficients per frame, c0 included. */
export const cepstrumCount = 13;
/** Values per feature vector: cepstra and their slopes. */
export const featureCount = 2 * cepstrumCount;
