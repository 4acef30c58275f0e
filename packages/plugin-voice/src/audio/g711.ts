/** Added before the logarithm, so that the smallest steps are linear. */
const BIAS = 0x84;
const CLIP = 32_635;

/** One 16-bit sample as µ-law (ITU-T G.711): sign, exponent and mantissa, all bits inverted. */
export function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS;
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** The 16-bit sample in the middle of what a µ-law byte stands for (ITU-T G.711). */
export function decodeMuLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 0x07)) - BIAS;
  return (bits & 0x80) === 0 ? magnitude : 0 - magnitude;
}
