/** From here on the normal quantile differs by less than 0.0003. */
const NEARLY_NORMAL = 10_000;
const Z95 = 1.959963984540054;

/**
 * Two-sided 95 % quantile of Student's t with `freedom` whole degrees: P(|T| < t) = 0.95, by bisection.
 * Source: Abramowitz and Stegun, 26.7.3 and 26.7.4.
 */
export function studentT95(freedom: number): number {
  if (freedom > NEARLY_NORMAL) return Z95;
  let [low, high] = [1, 13];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (within(middle, freedom) < 0.95) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(|T| < t): a finite sum in the angle atan(t / √freedom). */
function within(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const odd = freedom % 2 === 1;
  let term = odd ? cos : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= freedom - 2; k += 2) {
    term *= ((k - 1) / k) * cos * cos;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
}
