const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1) from 15 up, below by recurrence. Correct to the last digits also where ln Γ is in the millions. */
export function logGamma(x: number): number {
  let argument = x;
  let shift = 0;
  for (; argument < 15; argument += 1) shift += Math.log(argument);
  const inverse = 1 / (argument * argument);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1_260 - inverse * (1 / 1_680 - inverse / 1_188)))) / argument;
  return (argument - 0.5) * Math.log(argument) - argument + HALF_LOG_TAU + series - shift;
}

/** The regularised incomplete beta function I_x(a, b) by its continued fraction (Lentz), DLMF §8.17(v). About √max(a, b) steps. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 100_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return front * fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** P(X ≤ k) for X ~ Binomial(n, p). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return incompleteBeta(1 - p, n - k, k + 1);
}

/** P(X ≥ k) for X ~ Binomial(n, p), computed as such, so that small tails keep their digits. */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  return incompleteBeta(p, k, n - k + 1);
}

/** The x at which an increasing function on [0, 1] reaches a value, by bisection to the last bit. */
export function solve(target: number, increasing: (x: number) => number): number {
  let low = 0;
  let high = 1;
  for (let turn = 0; turn < 100; turn += 1) {
    const middle = (low + high) / 2;
    if (increasing(middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The t with P(|T| > t) = `outside` for Student's distribution: P(|T| > t) = I_{ν/(ν+t²)}(ν/2, 1/2) (DLMF 8.17, Abramowitz & Stegun 26.7.1). */
export function studentQuantile(outside: number, freedom: number): number {
  const x = solve(outside, (at) => incompleteBeta(at, freedom / 2, 0.5));
  return Math.sqrt((freedom * (1 - x)) / x);
}

/** P(Z > z) of the standard normal distribution for z ≥ 1, by Laplace's continued fraction (Abramowitz & Stegun 26.2.14). */
export function normalTail(z: number): number {
  let fraction = z;
  for (let step = 200; step >= 1; step -= 1) fraction = z + step / fraction;
  return Math.exp(-0.5 * z * z - HALF_LOG_TAU) / fraction;
}
